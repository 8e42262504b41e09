# Every file of the system with its sum, but for what packages of any kind leave in logs, lists and indexes.
set -eu
cd /
find . -xdev \( -path ./proc -o -path ./home -o -path ./packages -o -path ./tmp -o -path ./run -o -path ./dev \
    -o -path ./var/log -o -path ./var/cache -o -path ./var/lib/dpkg -o -path ./var/lib/apt \) -prune \
    -o \( -type f -exec md5sum {} + \) -o -printf '%y %p %l\n' | LC_ALL=C sort
