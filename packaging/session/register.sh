#!/bin/sh
# Put Campus Kiosk into this account's menu and let it open kiosk:// links.
#
#   packaging/session/register.sh [PROGRAM] [--autostart | --remove]
#
# PROGRAM is the `kiosk` command, by default the one on the PATH. With --autostart the locked kiosk
# is started with the session. --remove comes before the program is uninstalled: it forgets the place
# (`kiosk reset`), and while something is unsent it says how much and leaves everything as it is.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
config=${XDG_CONFIG_HOME:-$HOME/.config}
program= autostart= remove=
for word in "$@"; do
    case $word in
        --autostart) autostart=yes ;;
        --remove) remove=yes ;;
        *) program=$word ;;
    esac
done
: "${program:=$(command -v kiosk || true)}"
[ -n "$program" ] || { echo "No kiosk command on the PATH; name it: register.sh /path/to/kiosk" >&2; exit 1; }
case $program in
    *[!A-Za-z0-9/._+-]*) echo "A path with such signs cannot stand in a menu entry: $program" >&2; exit 1 ;;
esac

if [ -n "$remove" ]; then
    if ! said=$("$program" reset --json 2> /dev/null); then
        case $said in
            *'"NOT_ENROLLED"'*) ;;
            *) "$program" reset; exit 1 ;;
        esac
    fi
    rm -f "$data/applications/campus-kiosk.desktop" "$data/applications/campus-kiosk-link.desktop" \
        "$data/icons/hicolor/scalable/apps/campus-kiosk.svg" \
        "$config/autostart/campus-kiosk-autostart.desktop"
    echo "Removed; the program itself can go now"
    exit
fi

put() {
    mkdir -p "$2"
    sed "s|^Exec=kiosk|Exec=$program|" "$here/$1" > "$2/$1"
}

put campus-kiosk.desktop "$data/applications"
put campus-kiosk-link.desktop "$data/applications"
mkdir -p "$data/icons/hicolor/scalable/apps"
cp "$here/campus-kiosk.svg" "$data/icons/hicolor/scalable/apps/"
if [ -n "$autostart" ]; then
    put campus-kiosk-autostart.desktop "$config/autostart"
fi
if command -v update-desktop-database > /dev/null; then
    update-desktop-database "$data/applications"
fi
if command -v xdg-mime > /dev/null; then
    xdg-mime default campus-kiosk-link.desktop x-scheme-handler/kiosk
fi
echo "Registered for $program"
