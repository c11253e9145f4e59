BEGIN TRANSACTION;
CREATE TABLE ask (
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, run_id TEXT NOT NULL, asked_at REAL NOT NULL,
        done_at REAL) STRICT;
INSERT INTO "ask" VALUES(1,'cancel','run-odd',1760000001.0,1760000100.0);
INSERT INTO "ask" VALUES(2,'cancel','',1760000002.0,NULL);
CREATE TABLE base (
        service TEXT NOT NULL, store TEXT NOT NULL, type TEXT NOT NULL, record_id TEXT NOT NULL, language TEXT NOT NULL, text_type TEXT NOT NULL, value TEXT NOT NULL, text_id TEXT NOT NULL,
        input_digest TEXT NOT NULL, origin TEXT NOT NULL, simulated INTEGER NOT NULL, agreed_at REAL NOT NULL, run_id TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (service, store, type, record_id, language, text_type)) STRICT;
INSERT INTO "base" VALUES('simulator golden','shop','Product','00001','en','page title','Simulated title','s-1','digest-00001','generated',1,1760000001.0,'run-simulated');
INSERT INTO "base" VALUES('api.golden.example','shop','Product','00001','en','page title','Oak stool','t-1','digest-00001','generated',0,1760000002.0,'run-done');
INSERT INTO "base" VALUES('api.golden.example','shop','Product','00001','en','excerpt','=1+1; "zwei" ''drei'' -- 💩
line two, é','t-2','digest-00001','generated',0,1760000003.0,'run-done');
INSERT INTO "base" VALUES('api.golden.example','shop','Product','00005','en','page title','Adopted','t-7','','adopted',0,1760000004.0,'');
INSERT INTO "base" VALUES('api.golden.example','shop','Product','00006','de','page title','Eichenhocker','t-8','digest','pulled',0,1760000005.0,'');
CREATE TABLE batch (
        id INTEGER PRIMARY KEY, run_id TEXT NOT NULL REFERENCES run (id), service TEXT NOT NULL, state TEXT NOT NULL,
        store TEXT NOT NULL, type TEXT NOT NULL, language TEXT NOT NULL, found INTEGER NOT NULL,
        request_id TEXT NOT NULL, body_sha256 TEXT NOT NULL, known_requests TEXT NOT NULL,
        balance REAL, server_time REAL, sent_at REAL NOT NULL, reason TEXT NOT NULL,
        changed_at REAL NOT NULL, asked TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO "batch" VALUES(1,'run-simulated','simulator golden','collected','shop','Product','en',0,'req-simulated','abababababababababababababababababababababababababababababababab','["req-of-others", "req-older"]',90.5,1760000123.25,1760000001.0,'',1760000001.0,'');
INSERT INTO "batch" VALUES(2,'run-done','api.golden.example','collected','shop','Product','en',0,'req-collected','abababababababababababababababababababababababababababababababab','["req-of-others", "req-older"]',90.5,1760000123.25,1760000002.0,'',1760000002.0,'');
INSERT INTO "batch" VALUES(3,'run-done','api.golden.example','collected','shop','Product','en',0,'req-replaced','abababababababababababababababababababababababababababababababab','["req-of-others", "req-older"]',90.5,1760000123.25,1760000003.0,'',1760000003.0,'');
INSERT INTO "batch" VALUES(4,'run-odd','api.golden.example','rejected','shop','Product','en',0,'','','[]',NULL,NULL,0.0,'the service refused it: 422',1760000004.0,'');
INSERT INTO "batch" VALUES(5,'run-odd','api.golden.example','blocked','shop','Product','en',0,'','','[]',NULL,NULL,0.0,'the account has 1 credits left',1760000005.0,'');
INSERT INTO "batch" VALUES(6,'run-odd','api.golden.example','cancelled','shop','Product','en',0,'','','[]',NULL,NULL,0.0,'stopped before it was sent',1760000006.0,'');
INSERT INTO "batch" VALUES(7,'run-odd','api.golden.example','cancelled','shop','Product','en',0,'req-cancelled','abababababababababababababababababababababababababababababababab','["req-of-others", "req-older"]',90.5,1760000123.25,1760000007.0,'',1760000007.0,'');
INSERT INTO "batch" VALUES(8,'run-odd','api.golden.example','gone','shop','Product','en',0,'req-gone','abababababababababababababababababababababababababababababababab','["req-of-others", "req-older"]',90.5,1760000123.25,1760000008.0,'',1760000008.0,'');
INSERT INTO "batch" VALUES(9,'run-odd','api.golden.example','lost','shop','Product','en',0,'','abababababababababababababababababababababababababababababababab','["req-of-others", "req-older"]',90.5,1760000123.25,1760000009.0,'',1760000009.0,'');
INSERT INTO "batch" VALUES(10,'run-odd','api.golden.example','lost','shop','Product','en',0,'','abababababababababababababababababababababababababababababababab','["req-of-others", "req-older"]',90.5,1760000123.25,1760000010.0,'',1760000010.0,'');
INSERT INTO "batch" VALUES(11,'run-odd','api.golden.example','collected','shop','Product','en',0,'req-again','abababababababababababababababababababababababababababababababab','["req-of-others", "req-older"]',90.5,1760000123.25,1760000011.0,'',1760000011.0,'');
INSERT INTO "batch" VALUES(12,'run-killed','api.golden.example','accepted','shop','Product','en',0,'req-accepted','abababababababababababababababababababababababababababababababab','["req-of-others", "req-older"]',90.5,1760000123.25,1760000012.0,'',1760000012.0,'');
INSERT INTO "batch" VALUES(13,'run-killed','api.golden.example','running','shop','Product','en',0,'req-running','abababababababababababababababababababababababababababababababab','["req-of-others", "req-older"]',90.5,1760000123.25,1760000013.0,'',1760000013.0,'');
INSERT INTO "batch" VALUES(14,'run-killed','api.golden.example','cancelling','shop','Product','en',0,'req-cancelling','abababababababababababababababababababababababababababababababab','["req-of-others", "req-older"]',90.5,1760000123.25,1760000014.0,'',1760000014.0,'');
INSERT INTO "batch" VALUES(15,'run-killed','api.golden.example','accepted','shop','Product','en',1,'req-of-others','','[]',NULL,NULL,0.0,'',1760000015.0,'');
INSERT INTO "batch" VALUES(16,'run-killed','api.golden.example','unknown','shop','Product','en',0,'','abababababababababababababababababababababababababababababababab','["req-of-others", "req-older"]',90.5,1760000123.25,1760000016.0,'no answer came within 90 s',1760000016.0,'');
INSERT INTO "batch" VALUES(17,'run-killed','api.golden.example','intent','shop','Product','en',0,'','abababababababababababababababababababababababababababababababab','["req-of-others", "req-older"]',90.5,1760000123.25,1760000017.0,'',1760000017.0,'');
INSERT INTO "batch" VALUES(18,'run-killed','api.golden.example','planned','shop','Product','en',0,'','','[]',NULL,NULL,0.0,'',1760000018.0,'');
INSERT INTO "batch" VALUES(19,'run-simulated','simulator golden','collected','shop','Product','en',0,'','','[]',NULL,NULL,0.0,'',1760000019.0,'{"country": "DK", "clusters": 4}');
CREATE TABLE delivery (
        id INTEGER PRIMARY KEY, service TEXT NOT NULL, store TEXT NOT NULL, type TEXT NOT NULL, record_id TEXT NOT NULL, language TEXT NOT NULL, text_type TEXT NOT NULL, text_id TEXT NOT NULL,
        value TEXT NOT NULL, was TEXT NOT NULL, input_digest TEXT NOT NULL, origin TEXT NOT NULL, run_id TEXT NOT NULL,
        credits REAL NOT NULL, state TEXT NOT NULL, made_at REAL NOT NULL, settled_at REAL) STRICT;
INSERT INTO "delivery" VALUES(1,'simulator golden','shop','Product','00001','en','page title','s-1','Simulated title','','digest-00001','generated','run-simulated',1.0,'written',1760000001.0,1760000101.0);
INSERT INTO "delivery" VALUES(2,'api.golden.example','shop','Product','00001','en','page title','t-1','Oak stool','','digest-00001','generated','run-done',1.0,'written',1760000002.0,1760000102.0);
INSERT INTO "delivery" VALUES(3,'api.golden.example','shop','Product','00001','en','excerpt','t-2','=1+1; "zwei" ''drei'' -- 💩
line two, é','','digest-00001','generated','run-done',1.0,'written',1760000003.0,1760000103.0);
INSERT INTO "delivery" VALUES(4,'api.golden.example','shop','Product','00002','en','page title','t-3','New title','Old title','digest-00002','generated','run-done',1.0,'kept',1760000004.0,1760000104.0);
INSERT INTO "delivery" VALUES(5,'api.golden.example','shop','Product','00001','en','page title','t-5','Oak stool, again','','digest-00001','generated','run-done',1.0,'replaced',1760000005.0,1760000105.0);
INSERT INTO "delivery" VALUES(6,'api.golden.example','shop','Product','00001','en','page title','t-6','Oak stool, pulled','','digest-00001','pulled','run-done',1.0,'waiting',1760000006.0,NULL);
INSERT INTO "delivery" VALUES(7,'api.golden.example','shop','Product','00013','en','page title','t-13','Made before it was cancelled','','digest-00013','generated','run-odd',1.0,'waiting',1760000007.0,NULL);
INSERT INTO "delivery" VALUES(8,'api.golden.example','shop','Product','00017','en','page title','t-17','Made twice','','digest-00017','generated','run-odd',1.0,'waiting',1760000008.0,NULL);
INSERT INTO "delivery" VALUES(9,'api.golden.example','shop','Product','00021','en','page title','t-21','Made, not yet written','','digest-00021','generated','run-killed',1.0,'waiting',1760000009.0,NULL);
INSERT INTO "delivery" VALUES(10,'simulator golden','shop','Product','00030','en','keywords','keywords 1','=1+1; "zwei" ''drei'' -- 💩
line two, é','','digest-00030','keywords','run-simulated',6.0,'waiting',1760000010.0,NULL);
CREATE TABLE duplicate (
        service TEXT NOT NULL, store TEXT NOT NULL, type TEXT NOT NULL, record_id TEXT NOT NULL, language TEXT NOT NULL, text_type TEXT NOT NULL, batch_id INTEGER NOT NULL, found TEXT NOT NULL,
        kept TEXT NOT NULL, found_at REAL NOT NULL,
        PRIMARY KEY (service, store, type, record_id, language, text_type, batch_id, found)) STRICT;
INSERT INTO "duplicate" VALUES('api.golden.example','shop','Product','00017','en','page title',9,'t-17-first','t-17',1760000000.0);
CREATE TABLE event (
        id INTEGER PRIMARY KEY, at REAL NOT NULL, run_id TEXT NOT NULL, batch_id INTEGER, kind TEXT NOT NULL,
        detail TEXT NOT NULL) STRICT;
INSERT INTO "event" VALUES(1,1760000001.0,'run-simulated',1,'planned','{}');
INSERT INTO "event" VALUES(2,1760000002.0,'run-simulated',1,'intent','{}');
INSERT INTO "event" VALUES(3,1760000003.0,'run-simulated',1,'accepted','{}');
INSERT INTO "event" VALUES(4,1760000004.0,'run-simulated',1,'collected','{}');
INSERT INTO "event" VALUES(5,1760000005.0,'run-done',2,'planned','{}');
INSERT INTO "event" VALUES(6,1760000006.0,'run-done',2,'intent','{}');
INSERT INTO "event" VALUES(7,1760000007.0,'run-done',2,'accepted','{}');
INSERT INTO "event" VALUES(8,1760000008.0,'run-done',2,'running','{}');
INSERT INTO "event" VALUES(9,1760000009.0,'run-done',2,'collected','{}');
INSERT INTO "event" VALUES(10,1760000010.0,'run-done',3,'planned','{}');
INSERT INTO "event" VALUES(11,1760000011.0,'run-done',3,'intent','{}');
INSERT INTO "event" VALUES(12,1760000012.0,'run-done',3,'accepted','{}');
INSERT INTO "event" VALUES(13,1760000013.0,'run-done',3,'collected','{}');
INSERT INTO "event" VALUES(14,1760000014.0,'run-odd',4,'planned','{}');
INSERT INTO "event" VALUES(15,1760000015.0,'run-odd',4,'rejected','{"reason": "the service refused it: 422"}');
INSERT INTO "event" VALUES(16,1760000016.0,'run-odd',5,'planned','{}');
INSERT INTO "event" VALUES(17,1760000017.0,'run-odd',5,'blocked','{"reason": "the account has 1 credits left"}');
INSERT INTO "event" VALUES(18,1760000018.0,'run-odd',6,'planned','{}');
INSERT INTO "event" VALUES(19,1760000019.0,'run-odd',6,'cancelled','{"reason": "stopped before it was sent"}');
INSERT INTO "event" VALUES(20,1760000020.0,'run-odd',7,'planned','{}');
INSERT INTO "event" VALUES(21,1760000021.0,'run-odd',7,'intent','{}');
INSERT INTO "event" VALUES(22,1760000022.0,'run-odd',7,'accepted','{}');
INSERT INTO "event" VALUES(23,1760000023.0,'run-odd',7,'cancelling','{}');
INSERT INTO "event" VALUES(24,1760000024.0,'run-odd',7,'cancelled','{}');
INSERT INTO "event" VALUES(25,1760000025.0,'run-odd',8,'planned','{}');
INSERT INTO "event" VALUES(26,1760000026.0,'run-odd',8,'intent','{}');
INSERT INTO "event" VALUES(27,1760000027.0,'run-odd',8,'accepted','{}');
INSERT INTO "event" VALUES(28,1760000028.0,'run-odd',8,'gone','{}');
INSERT INTO "event" VALUES(29,1760000029.0,'run-odd',9,'planned','{}');
INSERT INTO "event" VALUES(30,1760000030.0,'run-odd',9,'intent','{}');
INSERT INTO "event" VALUES(31,1760000031.0,'run-odd',9,'unknown','{"reason": "no answer came"}');
INSERT INTO "event" VALUES(32,1760000032.0,'run-odd',9,'lost','{}');
INSERT INTO "event" VALUES(33,1760000033.0,'run-odd',10,'planned','{}');
INSERT INTO "event" VALUES(34,1760000034.0,'run-odd',10,'intent','{}');
INSERT INTO "event" VALUES(35,1760000035.0,'run-odd',10,'unknown','{"reason": "no answer came"}');
INSERT INTO "event" VALUES(36,1760000036.0,'run-odd',10,'lost','{}');
INSERT INTO "event" VALUES(37,1760000037.0,'run-odd',11,'planned','{}');
INSERT INTO "event" VALUES(38,1760000038.0,'run-odd',11,'intent','{}');
INSERT INTO "event" VALUES(39,1760000039.0,'run-odd',11,'accepted','{}');
INSERT INTO "event" VALUES(40,1760000040.0,'run-odd',11,'collected','{}');
INSERT INTO "event" VALUES(41,1760000041.0,'run-killed',12,'planned','{}');
INSERT INTO "event" VALUES(42,1760000042.0,'run-killed',12,'intent','{}');
INSERT INTO "event" VALUES(43,1760000043.0,'run-killed',12,'accepted','{}');
INSERT INTO "event" VALUES(44,1760000044.0,'run-killed',13,'planned','{}');
INSERT INTO "event" VALUES(45,1760000045.0,'run-killed',13,'intent','{}');
INSERT INTO "event" VALUES(46,1760000046.0,'run-killed',13,'accepted','{}');
INSERT INTO "event" VALUES(47,1760000047.0,'run-killed',13,'running','{}');
INSERT INTO "event" VALUES(48,1760000048.0,'run-killed',14,'planned','{}');
INSERT INTO "event" VALUES(49,1760000049.0,'run-killed',14,'intent','{}');
INSERT INTO "event" VALUES(50,1760000050.0,'run-killed',14,'accepted','{}');
INSERT INTO "event" VALUES(51,1760000051.0,'run-killed',14,'cancelling','{}');
INSERT INTO "event" VALUES(52,1760000052.0,'run-killed',15,'accepted','{"request": "req-of-others"}');
INSERT INTO "event" VALUES(53,1760000053.0,'run-killed',16,'planned','{}');
INSERT INTO "event" VALUES(54,1760000054.0,'run-killed',16,'intent','{}');
INSERT INTO "event" VALUES(55,1760000055.0,'run-killed',16,'unknown','{"reason": "no answer came within 90 s"}');
INSERT INTO "event" VALUES(56,1760000056.0,'run-killed',17,'planned','{}');
INSERT INTO "event" VALUES(57,1760000057.0,'run-killed',17,'intent','{}');
INSERT INTO "event" VALUES(58,1760000058.0,'run-killed',18,'planned','{}');
INSERT INTO "event" VALUES(59,1760000059.0,'run-simulated',19,'planned','{}');
INSERT INTO "event" VALUES(60,1760000060.0,'run-simulated',19,'intent','{}');
INSERT INTO "event" VALUES(61,1760000061.0,'run-simulated',19,'accepted','{}');
INSERT INTO "event" VALUES(62,1760000062.0,'run-simulated',19,'collected','{}');
CREATE TABLE holding (
        service TEXT NOT NULL, type TEXT NOT NULL, store TEXT NOT NULL, language TEXT NOT NULL,
        record_id TEXT NOT NULL, texts TEXT NOT NULL,
        PRIMARY KEY (service, type, store, language, record_id)) STRICT, WITHOUT ROWID;
INSERT INTO "holding" VALUES('api.golden.example','Product','shop','en','00001','[["page title","t-6","=1+1; \"zwei\" ''drei'' -- 💩\nline two, é"]]');
INSERT INTO "holding" VALUES('api.golden.example','Product','shop','en','00002','[]');
CREATE TABLE item (
        batch_id INTEGER NOT NULL REFERENCES batch (id), service TEXT NOT NULL, store TEXT NOT NULL, type TEXT NOT NULL, record_id TEXT NOT NULL, language TEXT NOT NULL, text_type TEXT NOT NULL,
        was TEXT NOT NULL, input_digest TEXT NOT NULL, price_min REAL NOT NULL, price_max REAL NOT NULL,
        baseline TEXT NOT NULL, state TEXT NOT NULL, text_id TEXT NOT NULL, reason TEXT NOT NULL, held INTEGER NOT NULL,
        credits REAL NOT NULL DEFAULT 0, PRIMARY KEY (batch_id, record_id, text_type)) STRICT;
INSERT INTO "item" VALUES(1,'simulator golden','shop','Product','00001','en','page title','','digest-00001',1.0,2.0,'','done','s-1','',0,1.0);
INSERT INTO "item" VALUES(2,'api.golden.example','shop','Product','00001','en','page title','','digest-00001',1.0,2.0,'','done','t-1','',0,1.0);
INSERT INTO "item" VALUES(2,'api.golden.example','shop','Product','00001','en','excerpt','','digest-00001',1.0,2.0,'','done','t-2','',0,1.0);
INSERT INTO "item" VALUES(2,'api.golden.example','shop','Product','00002','en','page title','Old title','digest-00002',1.0,2.0,'old-00002','done','t-3','',0,1.0);
INSERT INTO "item" VALUES(2,'api.golden.example','shop','Product','00003','en','page title','','digest-00003',1.0,2.0,'','failed','','the service could not make it',0,0.0);
INSERT INTO "item" VALUES(2,'api.golden.example','shop','Product','00004','en','page title','','digest-00004',1.0,2.0,'','empty','t-4','it came empty',0,0.0);
INSERT INTO "item" VALUES(3,'api.golden.example','shop','Product','00001','en','page title','','digest-00001',1.0,2.0,'','done','t-5','',0,1.0);
INSERT INTO "item" VALUES(4,'api.golden.example','shop','Product','00010','en','page title','','digest-00010',1.0,2.0,'','not sent','','the service refused it: 422',0,0.0);
INSERT INTO "item" VALUES(5,'api.golden.example','shop','Product','00011','en','page title','','digest-00011',1.0,2.0,'','not sent','','the account has 1 credits left',0,0.0);
INSERT INTO "item" VALUES(6,'api.golden.example','shop','Product','00012','en','page title','','digest-00012',1.0,2.0,'','cancelled','','stopped before it was sent',0,0.0);
INSERT INTO "item" VALUES(7,'api.golden.example','shop','Product','00013','en','page title','','digest-00013',1.0,2.0,'','done','t-13','',0,1.0);
INSERT INTO "item" VALUES(7,'api.golden.example','shop','Product','00014','en','page title','','digest-00014',1.0,2.0,'','cancelled','','stopped before it was made',0,0.0);
INSERT INTO "item" VALUES(8,'api.golden.example','shop','Product','00015','en','page title','','digest-00015',1.0,2.0,'','unknown','','the service no longer knows the request, and there is no text',1,0.0);
INSERT INTO "item" VALUES(8,'api.golden.example','shop','Product','00016','en','page title','','digest-00016',1.0,2.0,'','not sent','','the service no longer knows the request, and there is no text',0,0.0);
INSERT INTO "item" VALUES(9,'api.golden.example','shop','Product','00017','en','page title','','digest-00017',1.0,2.0,'','sent again','','given up by the user',0,0.0);
INSERT INTO "item" VALUES(10,'api.golden.example','shop','Product','00018','en','page title','','digest-00018',1.0,2.0,'','taken for lost','','given up by the user',0,0.0);
INSERT INTO "item" VALUES(11,'api.golden.example','shop','Product','00017','en','page title','','digest-00017',1.0,2.0,'','done','t-17','',0,1.0);
INSERT INTO "item" VALUES(12,'api.golden.example','shop','Product','00020','en','page title','','digest-00020',1.0,2.0,'','open','','',1,0.0);
INSERT INTO "item" VALUES(12,'api.golden.example','shop','Product','00020','en','excerpt','','digest-00020',1.0,2.0,'','open','','',1,0.0);
INSERT INTO "item" VALUES(13,'api.golden.example','shop','Product','00021','en','page title','','digest-00021',1.0,2.0,'','done','t-21','',0,1.0);
INSERT INTO "item" VALUES(13,'api.golden.example','shop','Product','00022','en','page title','','digest-00022',1.0,2.0,'','open','','',1,0.0);
INSERT INTO "item" VALUES(14,'api.golden.example','shop','Product','00023','en','page title','','digest-00023',1.0,2.0,'','open','','',1,0.0);
INSERT INTO "item" VALUES(15,'api.golden.example','shop','Product','00024','en','page title','','digest-00024',1.0,2.0,'','open','','',1,0.0);
INSERT INTO "item" VALUES(16,'api.golden.example','shop','Product','00025','en','page title','Was there','digest-00025',1.0,2.0,'old-00025','open','','',1,0.0);
INSERT INTO "item" VALUES(17,'api.golden.example','shop','Product','00026','en','page title','','digest-00026',1.0,2.0,'','open','','',1,0.0);
INSERT INTO "item" VALUES(18,'api.golden.example','shop','Product','00027','en','page title','','digest-00027',1.0,2.0,'','open','','',1,0.0);
INSERT INTO "item" VALUES(19,'simulator golden','shop','Product','00030','en','keywords','','digest-00030',6.0,6.0,'Failed 1750000000.0','done','keywords 1','',0,6.0);
CREATE TABLE look (
        service TEXT NOT NULL, type TEXT NOT NULL, store TEXT NOT NULL, language TEXT NOT NULL, account TEXT NOT NULL,
        text_types TEXT NOT NULL, at REAL NOT NULL, full_at REAL NOT NULL, turn INTEGER NOT NULL,
        PRIMARY KEY (service, type, store, language)) STRICT;
INSERT INTO "look" VALUES('api.golden.example','Product','shop','en','account-1','["excerpt", "page title"]',1760000070.0,1760000030.5,20);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
INSERT INTO "meta" VALUES('workbook','/home/anna/shop.xlsx');
CREATE TABLE optimization (
        id INTEGER PRIMARY KEY, service TEXT NOT NULL, store TEXT NOT NULL, type TEXT NOT NULL, record_id TEXT NOT NULL, language TEXT NOT NULL, batch_id INTEGER, state TEXT NOT NULL,
        changed_at REAL, note TEXT NOT NULL, found TEXT NOT NULL, raw TEXT NOT NULL, at REAL NOT NULL) STRICT;
INSERT INTO "optimization" VALUES(1,'simulator golden','shop','Product','00030','en',19,'Completed',1760000500.5,'','{"keywords": [{"keyword": "=1+1; \"zwei\" ''drei'' -- 💩\nline two, é", "group": "chosen", "cluster": "stools", "pipeline_id": "p-1", "level": "LowMid", "intent": "commercial", "volume": 880, "difficulty": "MEDIUM", "rank": 14, "as_of": "2026-01-02", "state": ""}], "pipelines": [{"pipeline_id": "p-1", "title": "stools", "level": "LowMid", "keyword": "=1+1; \"zwei\" ''drei'' -- 💩\nline two, é", "rank": 14, "locked": false, "deleted": null, "triggers": [{"option": "rank", "value": "10", "action": "x", "text_types": ["a", "b"]}], "snapshot_id": "", "flagged": null}]}','{"unheard": ["of"]}',1.79594052627476572989e+09);
CREATE TABLE run (
        id TEXT PRIMARY KEY, started_at REAL NOT NULL, ended_at REAL, state TEXT NOT NULL,
        service TEXT NOT NULL, simulated INTEGER NOT NULL, approved REAL NOT NULL, plan_digest TEXT NOT NULL,
        balance_before REAL, balance_after REAL) STRICT;
INSERT INTO "run" VALUES('run-simulated',1750000000.0,1750000060.0,'done','simulator golden',1,40.0,'plan-digest',100.0,99.0);
INSERT INTO "run" VALUES('run-done',1760000000.0,1760000060.0,'done','api.golden.example',0,40.0,'plan-digest',100.0,95.0);
INSERT INTO "run" VALUES('run-odd',1760010000.0,1760010060.0,'out of credits','api.golden.example',0,40.0,'plan-digest',100.0,60.0);
INSERT INTO "run" VALUES('run-killed',1760020000.0,NULL,'running','api.golden.example',0,40.0,'plan-digest',100.0,NULL);
CREATE TABLE save (
        id INTEGER PRIMARY KEY, at REAL NOT NULL, path TEXT NOT NULL, old_sha256 TEXT NOT NULL,
        new_sha256 TEXT NOT NULL, state TEXT NOT NULL) STRICT;
INSERT INTO "save" VALUES(1,1760000001.0,'/home/anna/shop.xlsx','1111111111111111111111111111111111111111111111111111111111111111','2222222222222222222222222222222222222222222222222222222222222222','done');
INSERT INTO "save" VALUES(2,1760000002.0,'/home/anna/shop.xlsx','2222222222222222222222222222222222222222222222222222222222222222','3333333333333333333333333333333333333333333333333333333333333333','begun');
CREATE TABLE suggestion (
        id INTEGER PRIMARY KEY, service TEXT NOT NULL, store TEXT NOT NULL, type TEXT NOT NULL, record_id TEXT NOT NULL, language TEXT NOT NULL, idea TEXT NOT NULL, value TEXT NOT NULL,
        fate TEXT NOT NULL, at REAL NOT NULL,
        UNIQUE (service, store, type, record_id, language, idea, value)) STRICT;
INSERT INTO "suggestion" VALUES(1,'api.golden.example','shop','Product','00031','en','semantic keyword','=1+1; "zwei" ''drei'' -- 💩
line two, é','accepted',1.79594052626256680486e+09);
INSERT INTO "suggestion" VALUES(2,'api.golden.example','shop','Product','00031','en','semantic keyword','bench','',1.79594052626259660719e+09);
INSERT INTO "suggestion" VALUES(3,'api.golden.example','shop','Product','00031','en','audience','Joiners','dismissed',1.7959405262631394863e+09);
CREATE TABLE suggestion_ask (
        service TEXT NOT NULL, store TEXT NOT NULL, type TEXT NOT NULL, record_id TEXT NOT NULL, language TEXT NOT NULL, idea TEXT NOT NULL, asked_at REAL NOT NULL, answered_at REAL,
        PRIMARY KEY (service, store, type, record_id, language, idea)) STRICT, WITHOUT ROWID;
INSERT INTO "suggestion_ask" VALUES('api.golden.example','shop','Product','00031','en','audience',1.79594052626150035853e+09,1.79594052626310157769e+09);
INSERT INTO "suggestion_ask" VALUES('api.golden.example','shop','Product','00031','en','semantic keyword',1.79594052626199340814e+09,1.79594052626241350171e+09);
INSERT INTO "suggestion_ask" VALUES('api.golden.example','shop','Product','00032','en','audience',1.79594052626419496535e+09,NULL);
CREATE TABLE suggestion_choice (
        service TEXT NOT NULL, store TEXT NOT NULL, type TEXT NOT NULL, record_id TEXT NOT NULL, language TEXT NOT NULL, idea TEXT NOT NULL, chosen TEXT NOT NULL, at REAL NOT NULL,
        PRIMARY KEY (service, store, type, record_id, language, idea)) STRICT, WITHOUT ROWID;
INSERT INTO "suggestion_choice" VALUES('api.golden.example','shop','Product','00031','en','semantic keyword','["=1+1; \"zwei\" ''drei'' -- \ud83d\udca9\nline two, e\u0301", "bench"]',1.79594052626472878457e+09);
CREATE TABLE text (
        service TEXT NOT NULL, store TEXT NOT NULL, type TEXT NOT NULL, record_id TEXT NOT NULL, language TEXT NOT NULL, text_type TEXT NOT NULL, text_id TEXT NOT NULL, value TEXT NOT NULL,
        batch_id INTEGER, seen_at REAL NOT NULL,
        PRIMARY KEY (service, store, type, record_id, language, text_type, text_id)) STRICT;
INSERT INTO "text" VALUES('simulator golden','shop','Product','00001','en','page title','s-1','Simulated title',1,1760000001.0);
INSERT INTO "text" VALUES('api.golden.example','shop','Product','00001','en','page title','t-1','Oak stool',2,1760000002.0);
INSERT INTO "text" VALUES('api.golden.example','shop','Product','00001','en','excerpt','t-2','=1+1; "zwei" ''drei'' -- 💩
line two, é',2,1760000003.0);
INSERT INTO "text" VALUES('api.golden.example','shop','Product','00002','en','page title','t-3','New title',2,1760000004.0);
INSERT INTO "text" VALUES('api.golden.example','shop','Product','00004','en','page title','t-4','',2,1760000005.0);
INSERT INTO "text" VALUES('api.golden.example','shop','Product','00001','en','page title','t-5','Oak stool, again',3,1760000006.0);
INSERT INTO "text" VALUES('api.golden.example','shop','Product','00013','en','page title','t-13','Made before it was cancelled',7,1760000007.0);
INSERT INTO "text" VALUES('api.golden.example','shop','Product','00017','en','page title','t-17','Made twice',11,1760000008.0);
INSERT INTO "text" VALUES('api.golden.example','shop','Product','00021','en','page title','t-21','Made, not yet written',13,1760000009.0);
CREATE TABLE upload (
        service TEXT NOT NULL, store TEXT NOT NULL, image_id TEXT NOT NULL, digest TEXT NOT NULL,
        expires_at REAL, PRIMARY KEY (service, store, image_id)) STRICT, WITHOUT ROWID;
INSERT INTO "upload" VALUES('api.golden.example','shop','front','digest-front',1762592000.0);
INSERT INTO "upload" VALUES('api.golden.example','shop','side','digest-side',NULL);
CREATE INDEX batch_state ON batch (state);
CREATE UNIQUE INDEX item_held ON item (service, store, type, record_id, language, text_type)
        WHERE held = 1;
CREATE INDEX delivery_state ON delivery (state);
CREATE INDEX delivery_key ON delivery (service, store, type, record_id, language, text_type, id);
CREATE INDEX optimization_key ON optimization (service, store, type, record_id, language, id);
COMMIT;
PRAGMA user_version=7;
