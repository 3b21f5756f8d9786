#!/bin/sh
# Install the programs that some tests run: LibreOffice with its Python bridge, fonts, and the Open XML SDK validator.
# Where they cannot be installed, those tests skip and name what is missing.
set -u
cd "$(dirname "$0")/.."

if ! command -v soffice >/dev/null 2>&1 || ! /usr/bin/python3 -c 'import uno' >/dev/null 2>&1; then
    if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq
        apt-get install -y -qq --no-install-recommends libreoffice-calc python3-uno fonts-noto-cjk >/dev/null ||
            echo "LibreOffice could not be installed: its tests will skip" >&2
    else
        echo "LibreOffice is not here: its tests will skip" >&2
    fi
fi

if command -v npm >/dev/null 2>&1 && [ ! -d tests/tools/node_modules ]; then
    (cd tests/tools && npm install --silent --no-audit --no-fund --no-package-lock) ||
        echo "the Open XML validator could not be installed: its tests will skip" >&2
fi
exit 0
