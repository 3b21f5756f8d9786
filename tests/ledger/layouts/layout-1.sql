PRAGMA application_id = 1129534536;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE audit (
	seq INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	act TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	payload_digest TEXT NOT NULL, 
	prev TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	PRIMARY KEY (seq), 
	UNIQUE (hash)
)
 STRICT

;
INSERT INTO "audit" VALUES(1,'2026-11-20T09:00:00','','create','sample','ed010f44f0a175ac48a615db17f80cc01a90a47b3a240b773886f6898c77758b','0000000000000000000000000000000000000000000000000000000000000000','82d85a3582606c99ddb300b27ab3235adc5576552d4582cb8b38f35011894f2f');
INSERT INTO "audit" VALUES(2,'2026-11-20T09:00:00','wang','schema','7513418e274a252f4e79f86458b5f85513b89e01c00c4612019768402b8750f7','db18c547d0b71550dfd30f6f215564789cc9862a1f437d295e4f70577b09b72b','82d85a3582606c99ddb300b27ab3235adc5576552d4582cb8b38f35011894f2f','586d8004113d61dc6ffee13dc4851b2dbd80f5641feace899025a76b539514df');
INSERT INTO "audit" VALUES(3,'2026-11-20T09:00:00','wang','revision','1','451a812dc4b2d0e615895f3ff36723748ac28a280eddc5e8ba63ce8373cf3e30','586d8004113d61dc6ffee13dc4851b2dbd80f5641feace899025a76b539514df','ab621daeaa20190c59d6c262b18200dfebaf3ea167c368d5bf972e5ccf79a7d0');
INSERT INTO "audit" VALUES(4,'2026-11-20T09:00:00','wang','revision','2','62e1f19ca45adec38d16e230e33da544851c71bdfcbfbc14520d15abd37b50d1','ab621daeaa20190c59d6c262b18200dfebaf3ea167c368d5bf972e5ccf79a7d0','92a554f0a36595e2260020188f86512ddb9bba8153e703dd34e63d13991c60ac');
INSERT INTO "audit" VALUES(5,'2026-11-20T09:00:00','wang','open_round','2026-W47','b595b9e33b631d6eda5a08fe8544b2c212bca545a0e24c132509e523c677d90e','92a554f0a36595e2260020188f86512ddb9bba8153e703dd34e63d13991c60ac','9d0714fde81b0363958cba383b015ec8af95cff636cc4ace0d2a626e6939af94');
INSERT INTO "audit" VALUES(6,'2026-11-20T09:00:00','wang','file','ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff','5642bd94fd8b3ec59897143dcba32a3598c0ec931833b86ed7d3a40fba93b9a5','9d0714fde81b0363958cba383b015ec8af95cff636cc4ace0d2a626e6939af94','86a8c91c33b2f3e034b5cf34d5dbb1679c4186dc78ec2e14ad8bc488ff77ade9');
INSERT INTO "audit" VALUES(7,'2026-11-20T09:00:00','wang','resolution','q1','436b582bd802d19cf2d7e9f7a6e7a3d3c0faab10a5d09423077fb1548b7a6b36','86a8c91c33b2f3e034b5cf34d5dbb1679c4186dc78ec2e14ad8bc488ff77ade9','5ceaf0d3c1a1bd3a142101d4cad3b166178856caf002fa06faa7ce108c2b27dd');
CREATE TABLE audit_payload (
	seq INTEGER NOT NULL, 
	salt TEXT NOT NULL, 
	body TEXT NOT NULL, 
	PRIMARY KEY (seq), 
	FOREIGN KEY(seq) REFERENCES audit (seq)
)
 STRICT

;
INSERT INTO "audit_payload" VALUES(1,'4feff37af9275739b439c11c03f7bd51e221d62ce017a2fa5c3830de39145088','{"layout":1}');
INSERT INTO "audit_payload" VALUES(2,'bc123adff0752596fbc77b0bc3c17fe1cb85b645a9cc27f3cd75013e81dada40','{"kind":"merge"}');
INSERT INTO "audit_payload" VALUES(3,'79ef4e58e0255e7cdc3c145a25d27976f527acde1eb6bfc3abf87dc4fb745257','{"cells":4,"kind":"merge","rows":2,"state":"22368a07527f440fd6e22acbe0e0c0e8982c983e5444b0f5d5a3c37115341a1a","steps":"f5b5325eef89cac57d22c0e7b388199c970cd42f1d88ec67e5a83452f9004180"}');
INSERT INTO "audit_payload" VALUES(4,'edff8da9950275abad8b4f6e01935759e083d3a43ff43adfafea43aa560cb022','{"cells":1,"kind":"merge","rows":1,"state":"55ef71ddec0e5daa83be6ed6a01882cfebaeec71861252f221ffdfa29f02c34b","steps":"2cf4c784fa64b8cdbfd5c2c1037b36521763958da0916105264c0a0175ec764f"}');
INSERT INTO "audit_payload" VALUES(5,'629ebf37ab7f27e82337ea926bdc682050fcd91722067fca592a999c502ef821','{"due":"","name":"2026-W47","opening_revision":2,"state":"open"}');
INSERT INTO "audit_payload" VALUES(6,'d8d4be8269a2a30718dd524afb71560e438d63ce9478223b6262615a583fe6e8','{"name":"王芳.xlsx","size":9}');
INSERT INTO "audit_payload" VALUES(7,'556698cc2727cc7b2ec4ee6c52785a32d1839c57e5ad883a12d6e223a634075c','{"by":"","choice":"master","record":"b5595dbf01ca0de56a0f470ed213bcb20065ade21c5f0bf864549c5205a39565"}');
CREATE TABLE cause (
	id INTEGER NOT NULL, 
	rev INTEGER NOT NULL, 
	cause TEXT NOT NULL, 
	members TEXT NOT NULL, 
	files TEXT NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(rev) REFERENCES revision (number)
)
 STRICT

;
INSERT INTO "cause" VALUES(1,1,'edit','[]','[]');
INSERT INTO "cause" VALUES(2,2,'edit','[]','[]');
CREATE TABLE cell (
	"row" INTEGER NOT NULL, 
	field TEXT NOT NULL, 
	value TEXT, 
	rev INTEGER NOT NULL, 
	PRIMARY KEY ("row", field), 
	FOREIGN KEY("row") REFERENCES "row" (id), 
	FOREIGN KEY(rev) REFERENCES revision (number)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "cell" VALUES(1,'name','示例公司',1);
INSERT INTO "cell" VALUES(1,'phone','140',2);
INSERT INTO "cell" VALUES(2,'name','示例公司',1);
INSERT INTO "cell" VALUES(2,'phone','139',1);
CREATE TABLE cell_history (
	"row" INTEGER NOT NULL, 
	field TEXT NOT NULL, 
	rev INTEGER NOT NULL, 
	value TEXT, 
	cause INTEGER NOT NULL, 
	PRIMARY KEY ("row", field, rev), 
	FOREIGN KEY("row") REFERENCES "row" (id), 
	FOREIGN KEY(rev) REFERENCES revision (number), 
	FOREIGN KEY(cause) REFERENCES cause (id)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "cell_history" VALUES(1,'name',1,'示例公司',1);
INSERT INTO "cell_history" VALUES(1,'phone',1,'138',1);
INSERT INTO "cell_history" VALUES(1,'phone',2,'140',2);
INSERT INTO "cell_history" VALUES(2,'name',1,'示例公司',1);
INSERT INTO "cell_history" VALUES(2,'phone',1,'139',1);
CREATE TABLE file (
	sha256 TEXT NOT NULL, 
	name TEXT NOT NULL, 
	size INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	PRIMARY KEY (sha256)
)
 STRICT

;
INSERT INTO "file" VALUES('ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff','王芳.xlsx',9,'2026-11-20T09:00:00');
CREATE TABLE issue (
	copy TEXT NOT NULL, 
	round TEXT NOT NULL, 
	member TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	schema_digest TEXT NOT NULL, 
	base_digest TEXT NOT NULL, 
	mac TEXT NOT NULL, 
	file_sha256 TEXT NOT NULL, 
	name TEXT NOT NULL, 
	today TEXT NOT NULL, 
	at TEXT NOT NULL, 
	head TEXT NOT NULL, 
	state TEXT NOT NULL CHECK (state IN ('issued', 'superseded', 'revoked')), 
	body BLOB NOT NULL, 
	PRIMARY KEY (copy), 
	UNIQUE (round, member, number), 
	FOREIGN KEY(round) REFERENCES round (name)
)
 STRICT

;
CREATE TABLE meta (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
)
 STRICT

;
INSERT INTO "meta" VALUES('id','sample');
INSERT INTO "meta" VALUES('key','6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b');
INSERT INTO "meta" VALUES('schema','7513418e274a252f4e79f86458b5f85513b89e01c00c4612019768402b8750f7');
CREATE TABLE refused (
	id INTEGER NOT NULL, 
	sha256 TEXT NOT NULL, 
	name TEXT NOT NULL, 
	code TEXT NOT NULL, 
	facts TEXT NOT NULL, 
	at TEXT NOT NULL, 
	round TEXT NOT NULL, 
	PRIMARY KEY (id)
)
 STRICT

;
CREATE TABLE resolution (
	id INTEGER NOT NULL, 
	round TEXT NOT NULL, 
	question TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	body TEXT NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(round) REFERENCES round (name)
)
 STRICT

;
INSERT INTO "resolution" VALUES(1,'2026-W47','q1','d1','{"at":"","by":"","choice":"master","digest":"d1","question":"q1","reason":"","value":null}');
CREATE TABLE revision (
	number INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	state_digest TEXT NOT NULL, 
	summary TEXT NOT NULL, 
	PRIMARY KEY (number)
)
 STRICT

;
INSERT INTO "revision" VALUES(1,'2026-11-20T09:00:00','wang','merge','22368a07527f440fd6e22acbe0e0c0e8982c983e5444b0f5d5a3c37115341a1a','{}');
INSERT INTO "revision" VALUES(2,'2026-11-20T09:00:00','wang','merge','55ef71ddec0e5daa83be6ed6a01882cfebaeec71861252f221ffdfa29f02c34b','{}');
CREATE TABLE round (
	name TEXT NOT NULL, 
	state TEXT NOT NULL CHECK (state IN ('open', 'closed')), 
	opening_revision INTEGER NOT NULL, 
	opened_at TEXT NOT NULL, 
	due TEXT NOT NULL, 
	closed_at TEXT NOT NULL, 
	PRIMARY KEY (name)
)
 STRICT

;
INSERT INTO "round" VALUES('2026-W47','open',2,'2026-11-20T09:00:00','','');
CREATE TABLE "row" (
	id INTEGER NOT NULL, 
	"table" TEXT NOT NULL, 
	rid TEXT NOT NULL, 
	created_rev INTEGER NOT NULL, 
	deleted_rev INTEGER, 
	PRIMARY KEY (id), 
	UNIQUE ("table", rid), 
	FOREIGN KEY(created_rev) REFERENCES revision (number), 
	FOREIGN KEY(deleted_rev) REFERENCES revision (number)
)
 STRICT

;
INSERT INTO "row" VALUES(1,'customers','a',1,NULL);
INSERT INTO "row" VALUES(2,'customers','b',1,2);
CREATE TABLE row_history (
	"row" INTEGER NOT NULL, 
	rev INTEGER NOT NULL, 
	act TEXT NOT NULL CHECK (act IN ('added', 'deleted', 'restored')), 
	cause INTEGER NOT NULL, 
	PRIMARY KEY ("row", rev), 
	FOREIGN KEY("row") REFERENCES "row" (id), 
	FOREIGN KEY(rev) REFERENCES revision (number), 
	FOREIGN KEY(cause) REFERENCES cause (id)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "row_history" VALUES(1,1,'added',1);
INSERT INTO "row_history" VALUES(2,1,'added',1);
INSERT INTO "row_history" VALUES(2,2,'deleted',2);
CREATE TABLE schema_version (
	digest TEXT NOT NULL, 
	body TEXT NOT NULL, 
	at TEXT NOT NULL, 
	PRIMARY KEY (digest)
)
 STRICT

;
INSERT INTO "schema_version" VALUES('7513418e274a252f4e79f86458b5f85513b89e01c00c4612019768402b8750f7','{"schema":"sample","title":"示例"}','2026-11-20T09:00:00');
CREATE TABLE submission (
	id INTEGER NOT NULL, 
	copy TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	digest TEXT NOT NULL, 
	member TEXT NOT NULL, 
	round TEXT NOT NULL, 
	sha256 TEXT NOT NULL, 
	file TEXT NOT NULL, 
	received TEXT NOT NULL, 
	late INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	body TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (copy, version), 
	UNIQUE (copy, digest), 
	FOREIGN KEY(copy) REFERENCES issue (copy), 
	FOREIGN KEY(round) REFERENCES round (name)
)
 STRICT

;
CREATE TABLE team (
	digest TEXT NOT NULL, 
	body TEXT NOT NULL, 
	at TEXT NOT NULL, 
	PRIMARY KEY (digest)
)
 STRICT

;
CREATE INDEX refused_by_file ON refused (sha256);
CREATE INDEX cell_history_by_revision ON cell_history (rev);
CREATE INDEX submission_by_file ON submission (sha256);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER revision_no_update BEFORE UPDATE ON revision BEGIN SELECT RAISE(ABORT, 'revision is append-only'); END;
CREATE TRIGGER revision_no_delete BEFORE DELETE ON revision BEGIN SELECT RAISE(ABORT, 'revision is append-only'); END;
CREATE TRIGGER cause_no_update BEFORE UPDATE ON cause BEGIN SELECT RAISE(ABORT, 'cause is append-only'); END;
CREATE TRIGGER cause_no_delete BEFORE DELETE ON cause BEGIN SELECT RAISE(ABORT, 'cause is append-only'); END;
CREATE TRIGGER cell_history_no_update BEFORE UPDATE ON cell_history BEGIN SELECT RAISE(ABORT, 'cell_history is append-only'); END;
CREATE TRIGGER cell_history_no_delete BEFORE DELETE ON cell_history BEGIN SELECT RAISE(ABORT, 'cell_history is append-only'); END;
CREATE TRIGGER row_history_no_update BEFORE UPDATE ON row_history BEGIN SELECT RAISE(ABORT, 'row_history is append-only'); END;
CREATE TRIGGER row_history_no_delete BEFORE DELETE ON row_history BEGIN SELECT RAISE(ABORT, 'row_history is append-only'); END;
CREATE TRIGGER resolution_no_update BEFORE UPDATE ON resolution BEGIN SELECT RAISE(ABORT, 'resolution is append-only'); END;
CREATE TRIGGER resolution_no_delete BEFORE DELETE ON resolution BEGIN SELECT RAISE(ABORT, 'resolution is append-only'); END;
COMMIT;
