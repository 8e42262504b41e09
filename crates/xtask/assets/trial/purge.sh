# Removes the package with all that apt knows of it.
set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get purge -qq -o Dpkg::Use-Pty=0 daypass > /dev/null
if dpkg-query --status daypass 2> /dev/null; then exit 1; fi
find / -xdev \( -path /proc -o -path /packages -o -path /home -o -path /tmp -o -path /var/log \) -prune \
    -o -iname '*daypass*' -print > /tmp/left
if test -s /tmp/left; then cat /tmp/left; exit 1; fi
