"""`python -m kiosk_app` is the `kiosk` command."""

from kiosk_app.app.client_cli import main

if __name__ == "__main__":
    raise SystemExit(main())
