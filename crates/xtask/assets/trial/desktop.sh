# Starts the application as its desktop entry says, on a screen in memory with a session bus and a keychain.
set -eu
entry=/usr/share/applications/app.daypass.desktop.desktop
program=$(sed -n 's/^Exec=//p' $entry)
export XDG_RUNTIME_DIR=/tmp/runtime GDK_BACKEND=x11 WEBKIT_DISABLE_DMABUF_RENDERER=1
mkdir -p -m 0700 $XDG_RUNTIME_DIR
xvfb-run --auto-servernum dbus-run-session -- sh -eu -c '
    printf word | gnome-keyring-daemon --unlock --components=secrets > /dev/null 2>&1
    "$0" --panel & application=$!
    # The search ends with an error while there is no window.
    for second in $(seq 60); do
        if xdotool search --onlyvisible --name "^Daypass$"; then break; fi
        kill -0 $application
        sleep 1
    done
    xdotool search --onlyvisible --name "^Daypass$" > /dev/null
    daypass doctor --json | grep -q "\"version\": *1" || true
    # A second start brings up the first one and is gone.
    timeout 30 "$0"
    kill -TERM $application
    wait $application || true
' "$program"
