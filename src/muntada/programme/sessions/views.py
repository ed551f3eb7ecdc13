from muntada.forums.views import role
from muntada.people.rules import Role

WRITE = ("GET", "HEAD", "POST")
SECRETARIAT = role(Role.SECRETARIAT)
