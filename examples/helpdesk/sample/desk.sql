-- The help desk itself: customer firms and their workspaces, the staff who answers there, the askers, and what they wrote.
-- Ordinary people are made by counting (staff from 21, askers from 101); whoever is awkward stands below with the reason.
PRAGMA foreign_keys = ON;

CREATE TABLE firms (
  id              INTEGER PRIMARY KEY,
  title           TEXT NOT NULL,
  billing_address TEXT,
  country         TEXT NOT NULL
);
CREATE TABLE preservation_orders (      -- a court or an authority forbids to destroy anything of this firm
  id        INTEGER PRIMARY KEY,
  firm_id   INTEGER NOT NULL REFERENCES firms(id),
  statute   TEXT NOT NULL,
  reference TEXT NOT NULL,
  lifted_on TEXT
);
CREATE TABLE workspaces (
  id           INTEGER PRIMARY KEY,
  firm_id      INTEGER NOT NULL REFERENCES firms(id),
  plan         TEXT NOT NULL CHECK (plan IN ('free', 'pro')),
  plan_since   TEXT NOT NULL,
  last_used_on TEXT,
  state        TEXT NOT NULL DEFAULT 'open'
);
CREATE TABLE staff (
  id             INTEGER PRIMARY KEY,
  full_name      TEXT,
  username       TEXT UNIQUE,
  email          TEXT UNIQUE,
  phone          TEXT,
  postal_address TEXT,
  residence      TEXT,
  preferences    TEXT,
  came_by        TEXT NOT NULL,         -- self, customer or third_party
  standing       TEXT NOT NULL DEFAULT 'active',
  created_at     TEXT NOT NULL
);
CREATE TABLE seats (
  workspace_id INTEGER NOT NULL REFERENCES workspaces(id),
  staff_id     INTEGER NOT NULL REFERENCES staff(id),
  power        TEXT NOT NULL CHECK (power IN ('admin', 'agent')),
  invited_by   INTEGER REFERENCES staff(id),
  since        TEXT NOT NULL,
  PRIMARY KEY (workspace_id, staff_id)
);
CREATE TABLE askers (
  id             INTEGER PRIMARY KEY,
  full_name      TEXT,
  email          TEXT UNIQUE,
  phone          TEXT,
  postal_address TEXT,
  residence      TEXT,
  came_by        TEXT NOT NULL,
  came_from_firm INTEGER REFERENCES firms(id),
  standing       TEXT NOT NULL DEFAULT 'active',
  created_at     TEXT NOT NULL
);
CREATE TABLE served (                   -- which workspaces an asker may write to
  workspace_id INTEGER NOT NULL REFERENCES workspaces(id),
  asker_id     INTEGER NOT NULL REFERENCES askers(id),
  invited_by   INTEGER REFERENCES staff(id),
  since        TEXT NOT NULL,
  PRIMARY KEY (workspace_id, asker_id)
);
CREATE TABLE passwords (                -- holder_kind says of whom: customer (staff) or end_user (askers); no foreign key can
  holder_kind TEXT NOT NULL,
  holder_id   INTEGER NOT NULL,
  hash        TEXT NOT NULL,
  changed_at  TEXT NOT NULL,
  PRIMARY KEY (holder_kind, holder_id)
);
CREATE TABLE logins (
  id          TEXT PRIMARY KEY,
  holder_kind TEXT NOT NULL,
  holder_id   INTEGER NOT NULL,
  ip          TEXT,
  os          TEXT,
  browser     TEXT,
  app_number  TEXT,
  began_at    TEXT NOT NULL,
  ended_at    TEXT
);
CREATE INDEX logins_by_holder ON logins (holder_kind, holder_id);
CREATE TABLE push_handles (             -- where the chat application is told to show a push notice
  id          INTEGER PRIMARY KEY,
  holder_kind TEXT NOT NULL,
  holder_id   INTEGER NOT NULL,
  handle      TEXT NOT NULL,
  added_at    TEXT NOT NULL
);
CREATE INDEX push_handles_by_holder ON push_handles (holder_kind, holder_id);
CREATE TABLE cases (
  id           INTEGER PRIMARY KEY,
  workspace_id INTEGER NOT NULL REFERENCES workspaces(id),
  asker_id     INTEGER REFERENCES askers(id),
  agent_id     INTEGER REFERENCES staff(id),
  subject      TEXT,
  channel      TEXT NOT NULL,
  opened_at    TEXT NOT NULL,
  closed_at    TEXT
);
CREATE INDEX cases_by_asker ON cases (asker_id);
CREATE INDEX cases_by_agent ON cases (agent_id);
CREATE TABLE case_posts (
  id          INTEGER PRIMARY KEY,
  case_id     INTEGER NOT NULL REFERENCES cases(id),
  writer_kind TEXT NOT NULL,
  writer_id   INTEGER,
  body        TEXT,
  internal    INTEGER NOT NULL DEFAULT 0,
  at          TEXT NOT NULL
);
CREATE INDEX case_posts_by_case ON case_posts (case_id);
CREATE INDEX case_posts_by_writer ON case_posts (writer_kind, writer_id);
CREATE TABLE case_copies (
  case_id  INTEGER NOT NULL REFERENCES cases(id),
  asker_id INTEGER NOT NULL REFERENCES askers(id),
  PRIMARY KEY (case_id, asker_id)
);
CREATE INDEX case_copies_by_asker ON case_copies (asker_id);
CREATE TABLE enclosures (
  id        INTEGER PRIMARY KEY,
  post_id   INTEGER NOT NULL REFERENCES case_posts(id),
  put_by    INTEGER REFERENCES askers(id),   -- NULL: one of the staff
  file_name TEXT,
  mime      TEXT,
  bytes     INTEGER,
  sha256    TEXT,
  extract   TEXT
);
CREATE INDEX enclosures_by_post ON enclosures (post_id);
CREATE INDEX enclosures_by_asker ON enclosures (put_by);

-- Firms and workspaces -----------------------------------------------------------------------------------------------

INSERT INTO firms VALUES
  (1, 'Marlow Tile Works',   '12 Kiln Lane, Sonoma, CA 95476',        'US'),
  (2, 'Gaspard & Fils',      '8 rue des Tanneurs, 69002 Lyon',        'FR'),
  (3, 'Pineridge Clinics',   '440 Ridge Road, Boise, ID 83702',       'US'),
  (4, 'Okonjo Logistics',    '3 Wharf Street, Leeds LS2 7EQ',         'GB'),
  (5, 'Velvet Finch Studio', 'Studio 5, 77 Alder Street, Reno, NV 89501', 'US'),  -- one woman: the firm's address is her home
  (6, 'Brassbolt Machines',  '90 Foundry Way, Toledo, OH 43604',      'US'),       -- in a lawsuit, see its order
  (7, 'Copperleaf Books',    '15 Quill Court, Davis, CA 95616',       'US'),
  (8, 'Dunmore Dairies',     '2 Creamery Row, Albany, NY 12207',      'US'),
  (9, 'Saltmarsh Yachts',    '6 Jetty Road, Portland, ME 04101',      'US');

INSERT INTO preservation_orders VALUES
  (1, 6, 'Federal Rules of Civil Procedure, Rule 37(e)', 'N.D. Ohio 26-cv-01177', NULL),           -- still in force
  (2, 9, 'Federal Rules of Civil Procedure, Rule 37(e)', 'D. Me. 24-cv-00310', '2026-02-01');      -- lifted: keeps nothing any more

INSERT INTO workspaces VALUES
  (1, 1, 'pro',  '2024-05-02', '2026-11-21', 'open'),
  (2, 2, 'pro',  '2025-01-15', '2026-11-20', 'open'),
  (3, 3, 'pro',  '2023-09-01', '2026-11-21', 'open'),
  (4, 4, 'free', '2026-03-03', '2026-11-19', 'open'),
  (5, 5, 'free', '2026-06-10', '2026-11-12', 'open'),
  -- Free and silent for nine months, but under an order: the idle rule must skip it and name the law.
  (6, 6, 'free', '2025-10-01', '2026-02-10', 'open'),
  -- Last used on 30 November: three calendar months later there is no 30 February, so the day is clamped to the 28th.
  (7, 7, 'free', '2025-07-01', '2025-11-30', 'open'),
  -- Last used on 29 February of a leap year: three months later is 29 May, a day that exists.
  (8, 8, 'free', '2023-12-01', '2024-02-29', 'open'),
  -- Pro, silent since July, cancelled in November: the three months begin anew with the downgrade.
  (9, 9, 'free', '2026-11-10', '2026-07-05', 'open'),
  -- Pro and silent for a year: the idle rule is about free workspaces only.
  (10, 4, 'pro', '2024-02-01', '2025-11-01', 'open'),
  -- Nobody recorded when it was last used: reported, never erased.
  (11, 7, 'free', '2025-03-01', NULL, 'open'),
  -- Used three months ago to the day: due today, not yesterday.
  (12, 8, 'free', '2026-01-20', '2026-08-22', 'open'),
  -- Used three months ago less a day: not due yet.
  (13, 8, 'free', '2026-01-20', '2026-08-23', 'open');

-- Staff of the customers -----------------------------------------------------------------------------------------------

INSERT INTO staff (id, full_name, username, email, phone, postal_address, residence, preferences, came_by, standing, created_at) VALUES
  -- An administrator with a bit of everything: seats in two workspaces, posts in many threads, bills of which one is too old to be kept.
  (1, 'Henrietta Marlow', 'hmarlow', 'henrietta@marlow-tile.example', '+1 707 555 0101', '12 Kiln Lane, Sonoma, CA 95476', 'US-CA',
      '{"theme":"dark","signature":"Henrietta Marlow, owner"}', 'self', 'active', '2018-04-10T09:00:00Z'),
  -- An administrator whose mailbox bounces: a breach notice has to go to the other administrator of workspace 2.
  (2, 'Lucien Gaspard', 'lgaspard', 'lucien@gaspard-fils.example', '+33 4 72 55 01 02', NULL, 'FR', NULL, 'self', 'active', '2025-01-15T08:00:00Z'),
  (3, 'Noemie Astier', 'nastier', 'noemie@gaspard-fils.example', '+33 4 72 55 01 03', NULL, 'FR', NULL, 'customer', 'active', '2025-02-01T08:00:00Z'),
  -- A one-woman firm: nobody else shares the workspace, so workspace and firm go with her.
  (4, 'Ottilie Finch', 'ofinch', 'ottilie@velvetfinch.example', '+1 775 555 0104', '77 Alder Street, Reno, NV 89501', 'US-NV', NULL, 'self', 'active', '2026-06-10T10:00:00Z'),
  -- Sole administrator of the workspace under an order: her seat, workspace and firm stay, and she keeps name and address there.
  (5, 'Rosalind Brandt', 'rbrandt', 'rosalind@brassbolt.example', '+1 419 555 0105', NULL, 'US-OH', NULL, 'self', 'active', '2025-10-01T10:00:00Z'),
  -- Opted out of every marketing mail, and has asked for a new password: that mail must leave all the same.
  (6, 'Cornelius Dunmore', 'cdunmore', 'cornelius@dunmore.example', '+1 518 555 0106', '2 Creamery Row, Albany, NY 12207', 'US-NY', NULL, 'self', 'active', '2023-12-01T10:00:00Z'),
  -- Wants a letter after a breach, lives where the law gives one, and has never told a postal address.
  (7, 'Thandiwe Okonjo', 'tokonjo', 'thandiwe@okonjo.example', '+44 113 496 0107', NULL, 'US-CA', NULL, 'self', 'active', '2024-02-01T10:00:00Z'),
  -- Her firm was under an order that was lifted: nothing is kept for it.
  (8, 'Isaura Saltmarsh', 'isaltmarsh', 'isaura@saltmarsh.example', '+1 207 555 0108', NULL, 'US-ME', NULL, 'self', 'active', '2024-03-01T10:00:00Z'),
  (9, 'Ferdinand Copperleaf', 'fcopper', 'ferdinand@copperleaf.example', '+1 530 555 0109', NULL, 'US-CA', NULL, 'self', 'active', '2025-03-01T10:00:00Z'),
  (10, 'Mirela Pine', 'mpine', 'mirela@pineridge.example', '+1 208 555 0110', NULL, 'US-ID', NULL, 'self', 'active', '2023-09-01T10:00:00Z');

WITH RECURSIVE n(i) AS (SELECT 21 UNION ALL SELECT i + 1 FROM n WHERE i < 34),
  first(k, word) AS (VALUES (0, 'Wanda'), (1, 'Ulric'), (2, 'Petra'), (3, 'Dexter'), (4, 'Maud'), (5, 'Sylvan'), (6, 'Odile')),
  last(k, word)  AS (VALUES (0, 'Thornbury'), (1, 'Vasquill'))
INSERT INTO staff (id, full_name, username, email, phone, residence, came_by, standing, created_at)
SELECT i,
       (SELECT word FROM first WHERE k = i % 7) || ' ' || (SELECT word FROM last WHERE k = i / 7 % 2),
       'agent' || i, 'agent' || i || '@customers.example', '+1 510 555 ' || printf('%04d', 2000 + i), 'US-CA',
       CASE i % 7 WHEN 0 THEN 'third_party' ELSE 'customer' END, 'active', '2025-04-' || printf('%02d', 1 + i % 28) || 'T09:00:00Z'
FROM n;

INSERT INTO seats VALUES
  (1, 1, 'admin', NULL, '2024-05-02'), (10, 1, 'agent', 7, '2024-08-01'),
  (2, 2, 'admin', NULL, '2025-01-15'), (2, 3, 'admin', 2, '2025-02-01'),
  (3, 10, 'admin', NULL, '2023-09-01'),
  (4, 7, 'admin', NULL, '2026-03-03'), (10, 7, 'admin', NULL, '2024-02-01'),
  (5, 4, 'admin', NULL, '2026-06-10'),
  (6, 5, 'admin', NULL, '2025-10-01'),
  (7, 9, 'admin', NULL, '2025-07-01'), (11, 9, 'admin', NULL, '2025-03-01'),
  (8, 6, 'admin', NULL, '2023-12-01'), (12, 6, 'admin', NULL, '2026-01-20'), (13, 6, 'admin', NULL, '2026-01-20'),
  (9, 8, 'admin', NULL, '2024-03-01');
INSERT INTO seats SELECT 1 + id % 3, id, 'agent', CASE id % 3 WHEN 0 THEN 1 WHEN 1 THEN 2 ELSE 10 END, '2025-05-01' FROM staff WHERE id >= 21;

-- People who ask -------------------------------------------------------------------------------------------------------

INSERT INTO askers (id, full_name, email, phone, postal_address, residence, came_by, came_from_firm, standing, created_at) VALUES
  -- End user of two customers: one person, two workspaces, two threads.
  (1, 'Ambrose Whitlock', 'ambrose.whitlock@mailbox.example', '+1 415 555 0201', NULL, 'US-CA', 'customer', 1, 'active', '2025-06-01T12:00:00Z'),
  -- Named in free text by other people, in a thread that she was only copied on.
  (2, 'Zinnia Featherstone', 'zinnia.featherstone@mailbox.example', '+1 415 555 0202', NULL, 'US-CA', 'customer', 1, 'active', '2025-06-02T12:00:00Z'),
  -- Typed a card number into a case, which was masked before it was stored, and sent a scan of a bill.
  (3, 'Barnaby Quist', 'barnaby.quist@mailbox.example', '+1 208 555 0203', NULL, 'US-ID', 'customer', 3, 'active', '2025-06-03T12:00:00Z'),
  -- Writes to the workspace under an order: the case stays with the thread, and the name and address of the asker with it.
  (4, 'Leopold Hammersmith', 'leopold.hammersmith@mailbox.example', '+1 419 555 0204', NULL, 'US-OH', 'customer', 6, 'active', '2025-11-03T12:00:00Z'),
  -- Lives in Europe, signed up alone; the address of the next one ends like his.
  (5, 'Ivo Brandt', 'ivo@brandt.example', '+49 30 5550 0205', 'Lindenstr. 4, 10969 Berlin', 'DE', 'self', NULL, 'active', '2025-07-01T12:00:00Z'),
  -- Her address contains that of the one before: erasing him must leave hers.
  (6, 'Livia Brandt', 'livo@brandt.example', '+49 30 5550 0206', NULL, 'DE', 'third_party', 2, 'active', '2025-07-02T12:00:00Z'),
  -- Nothing but a name and an address; no case, no password.
  (7, 'Quentin Sparrow', 'quentin.sparrow@mailbox.example', NULL, NULL, NULL, 'customer', 4, 'active', '2026-03-04T12:00:00Z'),
  -- The same address as an administrator: two roles, two records, two requests.
  (8, 'Ferdinand Copperleaf', 'ferdinand@copperleaf.example', '+1 530 555 0109', NULL, 'US-CA', 'customer', 1, 'active', '2026-01-04T12:00:00Z');

WITH RECURSIVE n(i) AS (SELECT 101 UNION ALL SELECT i + 1 FROM n WHERE i < 140),
  first(k, word) AS (VALUES (0, 'Aurelia'), (1, 'Benedek'), (2, 'Clothilde'), (3, 'Dragan'), (4, 'Eulalia'), (5, 'Fabrice'), (6, 'Gudrun'), (7, 'Horatio')),
  last(k, word)  AS (VALUES (0, 'Applegarth'), (1, 'Bottomley'), (2, 'Castellan'), (3, 'Dillwyn'), (4, 'Eastaugh'))
INSERT INTO askers (id, full_name, email, phone, residence, came_by, came_from_firm, standing, created_at)
SELECT i,
       (SELECT word FROM first WHERE k = i % 8) || ' ' || (SELECT word FROM last WHERE k = i % 5),
       'asker' || i || '@people.example', '+1 650 555 ' || printf('%04d', 3000 + i),
       CASE i % 4 WHEN 0 THEN 'US-CA' WHEN 1 THEN 'DE' WHEN 2 THEN 'GB' ELSE 'US-TX' END,
       CASE i % 5 WHEN 0 THEN 'self' WHEN 1 THEN 'third_party' ELSE 'customer' END, 1 + i % 3, 'active',
       '2025-08-' || printf('%02d', 1 + i % 28) || 'T09:00:00Z'
FROM n;

INSERT INTO served VALUES
  (1, 1, 1, '2025-06-01'), (3, 1, 10, '2025-09-15'),
  (1, 2, 1, '2025-06-02'),
  (3, 3, 10, '2025-06-03'),
  (6, 4, 5, '2025-11-03'),
  (2, 5, NULL, '2025-07-01'), (2, 6, 2, '2025-07-02'),
  (4, 7, 7, '2026-03-04'),
  (1, 8, 1, '2026-01-04');
INSERT INTO served SELECT 1 + id % 3, id, CASE id % 3 WHEN 0 THEN 1 WHEN 1 THEN 2 ELSE 10 END, '2025-08-01' FROM askers WHERE id >= 101;

-- Signing in -----------------------------------------------------------------------------------------------------------

INSERT INTO passwords SELECT 'customer', id, '$argon2id$v=19$m=19456,t=2,p=1$c3RhZmY' || id || '$b3BhcXVl', '2026-01-0' || (1 + id % 9) FROM staff;
-- One number, two people: holder 1 of kind `end_user` is not holder 1 of kind `customer`.
INSERT INTO passwords SELECT 'end_user', id, '$argon2id$v=19$m=19456,t=2,p=1$YXNrZXI' || id || '$b3BhcXVl', '2026-02-0' || (1 + id % 9) FROM askers WHERE id <> 7;

INSERT INTO logins
SELECT 'c' || id || '-' || n, 'customer', id, '198.51.100.' || (id + n), 'Windows 11', 'Edge 142', 'desk-app-7',
       '2026-11-1' || n || 'T08:0' || (id % 10) || ':00Z', CASE n WHEN 2 THEN NULL ELSE '2026-11-1' || n || 'T17:00:00Z' END
FROM staff, (SELECT 1 AS n UNION ALL SELECT 2);
INSERT INTO logins
SELECT 'e' || id, 'end_user', id, '203.0.113.' || (id % 250), 'Android 15', 'Chat app 5.2', 'chat-app-5', '2026-11-0' || (1 + id % 9) || 'T12:00:00Z', NULL
FROM askers WHERE id <> 7;

INSERT INTO push_handles (holder_kind, holder_id, handle, added_at) SELECT 'customer', id, 'push-c-' || (id * 7919), '2026-01-10' FROM staff WHERE id % 2 = 1;
INSERT INTO push_handles (holder_kind, holder_id, handle, added_at) SELECT 'end_user', id, 'push-e-' || (id * 7919), '2026-01-11' FROM askers WHERE id % 2 = 1 AND id <> 7;

-- Cases ----------------------------------------------------------------------------------------------------------------

INSERT INTO cases VALUES
  (1, 1, 1, 1,  'Glaze peels off, order 5512 (Ambrose Whitlock)', 'chat',  '2026-09-01T08:00:00Z', '2026-09-03T08:00:00Z'),
  (2, 3, 1, 10, 'Appointment moved twice', 'email', '2026-10-01T08:00:00Z', NULL),
  -- Zinnia is copied here, and the others speak of her.
  (3, 1, 101, 1, 'Delivery to the back door', 'chat', '2026-08-01T08:00:00Z', '2026-08-09T08:00:00Z'),
  -- Names asker 110, who is not in this thread at all: only a search of every row (`--sweep`) finds it.
  (4, 1, 102, 21, 'Who ordered the samples?', 'web', '2026-08-11T08:00:00Z', '2026-08-12T08:00:00Z'),
  (5, 1, 2, 1, 'Colour chart for the kitchen', 'chat', '2026-08-20T08:00:00Z', '2026-08-22T08:00:00Z'),
  -- A card number was typed into this one.
  (6, 3, 3, 10, 'Please charge my card', 'web', '2026-07-01T08:00:00Z', '2026-07-02T08:00:00Z'),
  -- In the workspace under an order.
  (7, 6, 4, 5, 'Press stops at noon, says Leopold Hammersmith', 'email', '2026-01-20T08:00:00Z', NULL),
  (8, 2, 5, 2, 'Facture en double', 'chat', '2026-05-05T08:00:00Z', '2026-05-06T08:00:00Z'),
  (9, 2, 6, 3, 'Anschrift falsch', 'chat', '2026-05-07T08:00:00Z', '2026-05-08T08:00:00Z'),
  (10, 1, 8, 1, 'Tiles for the shop floor', 'web', '2026-02-02T08:00:00Z', '2026-02-04T08:00:00Z');

INSERT INTO case_posts VALUES
  (1, 1, 'end_user', 1,  'Hello, this is Ambrose Whitlock. The glaze peels. Ring me on +1 415 555 0201.', 0, '2026-09-01T08:00:00Z'),
  (2, 1, 'customer', 1,  'Dear Ambrose Whitlock, we are sorry. A new box goes out tomorrow.', 0, '2026-09-01T09:00:00Z'),
  (3, 1, 'customer', 1,  'Internal: ambrose.whitlock@mailbox.example has had two boxes already.', 1, '2026-09-01T09:05:00Z'),
  (4, 2, 'end_user', 1,  'My appointment was moved again.', 0, '2026-10-01T08:00:00Z'),
  (5, 2, 'customer', 10, 'We found a place on Friday.', 0, '2026-10-01T10:00:00Z'),
  (6, 3, 'end_user', 101, 'Please give the parcel to Zinnia Featherstone (zinnia.featherstone@mailbox.example) at the back door.', 0, '2026-08-01T08:00:00Z'),
  (7, 3, 'customer', 1,  'Done. I wrote to ZINNIA.FEATHERSTONE@mailbox.example as well.', 0, '2026-08-02T08:00:00Z'),
  (8, 3, 'end_user', 2,  'Got it, thanks. Zinnia', 0, '2026-08-03T08:00:00Z'),
  (9, 4, 'end_user', 102, 'The samples came for somebody else: asker110@people.example. Not me.', 0, '2026-08-11T08:00:00Z'),
  (10, 4, 'customer', 21, 'Thank you, we look into it.', 0, '2026-08-11T09:00:00Z'),
  (11, 5, 'end_user', 2, 'Which blue goes with oak?', 0, '2026-08-20T08:00:00Z'),
  (12, 5, 'customer', 1, 'The third one, Zinnia Featherstone. Kind regards, Henrietta Marlow', 0, '2026-08-20T09:00:00Z'),
  -- What was typed was a card number; intake masked it. The sixteen digits of the parcel fail the check digit: a scan must pass over them.
  (13, 6, 'end_user', 3, 'Take it from 4111 11•• •••• 1111, valid to 09/28. The parcel was 4111 1111 1111 1112. Barnaby Quist', 0, '2026-07-01T08:00:00Z'),
  (14, 6, 'customer', 10, 'Please never send card numbers here. Use the payment page.', 0, '2026-07-01T08:30:00Z'),
  (15, 7, 'end_user', 4, 'The press stops. Leopold Hammersmith, hall 3.', 0, '2026-01-20T08:00:00Z'),
  (16, 7, 'customer', 5, 'A fitter comes on Monday. Rosalind Brandt', 0, '2026-01-20T09:00:00Z'),
  (17, 8, 'end_user', 5, 'I was billed twice. Write to ivo@brandt.example, please.', 0, '2026-05-05T08:00:00Z'),
  (18, 8, 'customer', 2, 'The second bill is void. I told livo@brandt.example too.', 0, '2026-05-05T09:00:00Z'),
  (19, 9, 'end_user', 6, 'My address is wrong: livo@brandt.example is right.', 0, '2026-05-07T08:00:00Z'),
  (20, 9, 'customer', 3, 'Mended.', 0, '2026-05-07T09:00:00Z'),
  (21, 10, 'end_user', 8, 'Forty square metres, please.', 0, '2026-02-02T08:00:00Z'),
  (22, 10, 'customer', 1, 'They leave the kiln in March.', 0, '2026-02-03T08:00:00Z');

INSERT INTO case_copies VALUES (3, 2), (8, 6);

INSERT INTO enclosures VALUES
  (1, 1, 1, 'whitlock-kitchen.jpg', 'image/jpeg', 81233, 'a1f0', NULL),                                -- his own file: it goes with him
  (2, 2, NULL, 'care-sheet.pdf', 'application/pdf', 4021, 'b2e1', 'How to care for glazed tiles'),
  (3, 7, NULL, 'Zinnia Featherstone label.pdf', 'application/pdf', 2210, 'c3d2', 'Deliver to: Zinnia Featherstone, zinnia.featherstone@mailbox.example'), -- names her, is not hers
  (4, 13, 3, 'bill-quist.pdf', 'application/pdf', 9911, 'd4c3', 'Bill for Barnaby Quist'),
  (5, 15, 4, 'hall-3.jpg', 'image/jpeg', 120445, 'e5b4', NULL);                                        -- hangs on a thread under an order

-- Ordinary cases: one each, a question and an answer.
INSERT INTO cases SELECT 1000 + id, 1 + id % 3, id, 21 + id % 14, 'Question ' || id, 'chat', '2026-06-' || printf('%02d', 1 + id % 28) || 'T08:00:00Z', '2026-07-01T08:00:00Z'
FROM askers WHERE id >= 101;
INSERT INTO case_posts SELECT 2000 + id, 1000 + id, 'end_user', id, 'How does feature ' || (id % 7) || ' work? Regards, ' || full_name, 0, '2026-06-20T08:00:00Z' FROM askers WHERE id >= 101;
INSERT INTO case_posts SELECT 3000 + id, 1000 + id, 'customer', 21 + id % 14, 'See the guide, page ' || (id % 40), 0, '2026-06-20T10:00:00Z' FROM askers WHERE id >= 101;
