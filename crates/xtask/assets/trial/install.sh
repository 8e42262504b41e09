# Installs a package with its dependencies, as apt does for a file that somebody downloaded.
set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get install -qq -o Dpkg::Use-Pty=0 --no-install-recommends "/packages/$1.deb" > /dev/null
test "$(dpkg-query --show --showformat='${Version}' daypass)" = "$(dpkg-deb --field "/packages/$1.deb" Version)"
dpkg --verify daypass
