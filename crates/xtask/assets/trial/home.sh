# The sums of somebody's files: of AWS's folder, or of the whole home.
set -eu
find "/home/somebody/$1" -type f -exec md5sum {} + | LC_ALL=C sort
