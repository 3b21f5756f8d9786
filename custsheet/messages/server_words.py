"""What is said about a ledger on a server."""

from __future__ import annotations

from custsheet.messages.catalogue import Wording

CODES: dict[str, Wording] = {
    # ── in custsheet.yaml ───────────────────────────────────────────────────────────────────────────
    "SETTINGS_DRIVER": Wording(
        "stop",
        "ledger: 后面的地址以 {word}:// 开头，这种数据库用不了。",
        "The address after ledger: begins with {word}://, a kind of database that is not known here.",
        "写本机文件，例如 ledger: ledger.db；或者 PostgreSQL，例如 ledger: postgresql://crm@db.example.com/crm",
        "Name a file, for example ledger: ledger.db, or PostgreSQL: ledger: postgresql://crm@db.example.com/crm",
    ),
    "SETTINGS_ADDRESS": Wording(
        "stop",
        "ledger: 后面的服务器地址读不懂。",
        "The server's address after ledger: cannot be read.",
        "写成 postgresql://用户@主机:5432/数据库；名字里有 @ : / 时写成 %40 %3A %2F。密码不写在这里，放在环境变量 PGPASSWORD 里。",
        "Write postgresql://user@host:5432/database; @ : / inside a name are %40 %3A %2F. "
        "The password does not belong here, put it into the environment variable PGPASSWORD.",
    ),
    "SERVER_ADDRESS": Wording(
        "stop",
        "ledger: 后面的服务器地址里有数据库不认得的内容：{server}（{detail}）",
        "The server's address after ledger: holds something that the database does not know: {server} ({detail})",
        "看看问号后面的部分，例如 ?sslmode=require。",
        "Look at the part after the question mark, for example ?sslmode=require.",
    ),
    "LEDGER_NO_DRIVER": Wording(
        "stop",
        "账本在 PostgreSQL 服务器上，这台电脑还没装连接它的部件：{path}",
        "The ledger is on a PostgreSQL server and this computer lacks the part that connects to it: {path}",
        '装上再来：py -m pip install "custsheet[postgres]"（macOS、Linux 上是 python3 -m pip install "custsheet[postgres]"）',
        'Install it: py -m pip install "custsheet[postgres]" (macOS, Linux: python3 -m pip install "custsheet[postgres]")',
    ),
    # ── there, but not ours ─────────────────────────────────────────────────────────────────────────
    "LEDGER_EMPTY": Wording(
        "stop",
        "这个数据库里还没有账本：{path}",
        "There is no ledger in this database yet: {path}",
        "把现有的账本搬进去：先把 custsheet.yaml 改回原来的 ledger:，运行 custsheet backup；再改成这个地址，运行 custsheet restore。",
        "Bring the one that you have there: set ledger: in custsheet.yaml back, run custsheet backup, "
        "set this address again and run custsheet restore.",
    ),
    "LEDGER_OTHER_TEAM": Wording(
        "stop",
        "这本账本是另一个团队的：{path}；这个文件夹是别的账本的（看 {backup}）",
        "This ledger belongs to another team: {path}; this folder is for a different one (see {backup})",
        "看看 custsheet.yaml 里 ledger: 写的是不是自己团队的，例如 ledger: ledger.db。什么都没改。",
        "Check that ledger: in custsheet.yaml names your own team's, for example ledger: ledger.db. Nothing was changed.",
    ),
    "SERVER_NO_DATABASE": Wording(
        "stop",
        "服务器上没有叫 {database} 的数据库：{server}",
        "The server has no database named {database}: {server}",
        "看看 custsheet.yaml 里 ledger: 的最后一段；还没有就请管理员建一个，例如 createdb {database}。",
        "Check the last part of ledger: in custsheet.yaml; if there is none yet, have one made: createdb {database}.",
    ),
    # ── not there, or gone ──────────────────────────────────────────────────────────────────────────
    "SERVER_AWAY": Wording(
        "stop",
        "账本的服务器连不上：{server}（{detail}）",
        "The ledger's server does not answer: {server} ({detail})",
        "看看网络通不通、服务器开没开、主机和端口对不对（例如 5432），再运行一次。什么都没改。",
        "Check the network, whether the server runs, its host and port (for example 5432), and run again. "
        "Nothing was changed.",
    ),
    "SERVER_LOGIN": Wording(
        "stop",
        "服务器不让 {user} 进，用户名或密码不对，或者没有给密码：{server}",
        "The server does not let {user} in, the name or the password is wrong or missing: {server}",
        "把密码放进环境变量 PGPASSWORD，或放进 pgpass 文件（Windows：%APPDATA%\\postgresql\\pgpass.conf；别处：~/.pgpass），再运行一次。",
        "Put the password into the environment variable PGPASSWORD or into the file pgpass (Windows: "
        "%APPDATA%\\postgresql\\pgpass.conf, elsewhere: ~/.pgpass) and run again.",
    ),
    "SERVER_LOST": Wording(
        "stop",
        "和账本服务器的连接中途断了：{server}（{detail}）",
        "The connection to the ledger's server broke off: {server} ({detail})",
        "等服务器回来，把同一条命令再运行一次：要么全记下了，要么一点没记，不会记一半，也不会记两次。",
        "When the server is back, run the same command again: all of it was written or nothing was, never half, "
        "and nothing is written twice.",
    ),
    "SERVER_RIGHTS": Wording(
        "stop",
        "数据库用户没有写账本的权限：{server}（{detail}）",
        "The database user may not write to the ledger: {server} ({detail})",
        "请数据库管理员开通，例如让他成为这个数据库的所有者。什么都没改。",
        "Ask the database's administrator for the right, for example to own this database. Nothing was changed.",
    ),
    "SERVER_FULL": Wording(
        "stop",
        "账本服务器的磁盘满了：{server}",
        "The disk of the ledger's server is full: {server}",
        "请管理员清出空间，再运行一次。什么都没改。",
        "Have its administrator make room, then run again. Nothing was changed.",
    ),
}

WORDS: dict[str, tuple[str, str]] = {
    "verify.server": (
        "账本在服务器上：记录、历史和审计链都查过了；数据文件的页由服务器自己管，要查就请管理员用 pg_amcheck。",
        "The ledger is on a server: records, history and audit chain were checked; the pages of its files are the "
        "server's own, its administrator checks them with pg_amcheck.",
    ),
}
