# Runs what is installed, as somebody without a desktop.
set -eu
for program in daypass daypass-desktop; do
    if ldd "/usr/bin/$program" | grep 'not found'; then exit 1; fi
done
daypass --version
daypass status --json | grep '"version": *1'
# Without a keychain the look finds something that does not work, and says so with its exit code.
daypass doctor --json > /tmp/doctor.json || test $? = 1
grep -q '"version": *1' /tmp/doctor.json
test "$(grep -o '"id"' /tmp/doctor.json | wc -l)" -ge 20
