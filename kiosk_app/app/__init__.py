"""Where everything is joined: settings, keyring, composition roots and the two command lines."""
