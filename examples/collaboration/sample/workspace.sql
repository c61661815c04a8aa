-- Quillhaven: the workspace itself. Every date is fixed; "today" is 2026-11-22.
-- Members 1 to 18 are the awkward ones, each with the reason beside it; 21 to 60 are ordinary.
PRAGMA foreign_keys = ON;
BEGIN;

CREATE TABLE customers (
  customer_no INTEGER PRIMARY KEY, title TEXT NOT NULL, privacy_mailbox TEXT, rules_page TEXT, keep_days INTEGER);
CREATE TABLE mail_domains (
  mail_domain TEXT PRIMARY KEY, customer_no INTEGER NOT NULL REFERENCES customers(customer_no),
  evidence TEXT, checked_on TEXT, outcome TEXT NOT NULL);
CREATE TABLE sites (
  site_no INTEGER PRIMARY KEY, customer_no INTEGER REFERENCES customers(customer_no), label TEXT NOT NULL,
  edition TEXT NOT NULL CHECK (edition IN ('cloud', 'server', 'data_centre')));
CREATE TABLE conditional_powers (
  customer_no INTEGER NOT NULL REFERENCES customers(customer_no), power TEXT NOT NULL, granted INTEGER NOT NULL,
  settings_version INTEGER NOT NULL, PRIMARY KEY (customer_no, power));

CREATE TABLE blobs (sha256 TEXT PRIMARY KEY, bytes BLOB, preview BLOB, words TEXT);

CREATE TABLE members (
  member_no INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, legal_name TEXT, shown_name TEXT, phone TEXT, job TEXT,
  lives_in TEXT, picture TEXT REFERENCES blobs(sha256), sign_in_secret TEXT,
  state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended', 'closed', 'erased', 'stand-in')),
  restricted INTEGER NOT NULL DEFAULT 0,
  joined_on TEXT, closed_on TEXT, customer_no INTEGER REFERENCES customers(customer_no), managed_since TEXT);
CREATE TABLE preferences (
  member_no INTEGER NOT NULL REFERENCES members(member_no), name TEXT NOT NULL, value TEXT, changed_at TEXT,
  PRIMARY KEY (member_no, name));
CREATE TABLE site_roles (
  site_no INTEGER NOT NULL REFERENCES sites(site_no), member_no INTEGER NOT NULL REFERENCES members(member_no),
  duty TEXT NOT NULL CHECK (duty IN ('administrator', 'member', 'technical', 'billing')), PRIMARY KEY (site_no, member_no, duty));
CREATE TABLE responsibility_notices (
  member_no INTEGER NOT NULL REFERENCES members(member_no), customer_no INTEGER NOT NULL REFERENCES customers(customer_no),
  notice_version TEXT NOT NULL, shown_at TEXT NOT NULL, PRIMARY KEY (member_no, customer_no));
CREATE TABLE administrator_acts (
  act_no INTEGER PRIMARY KEY, actor_no INTEGER REFERENCES members(member_no), target_no INTEGER REFERENCES members(member_no),
  power TEXT NOT NULL, outcome TEXT NOT NULL, detail TEXT, at TEXT NOT NULL);
CREATE TABLE trials (
  trial_no INTEGER PRIMARY KEY, feature TEXT NOT NULL, picked_by TEXT NOT NULL, from_on TEXT NOT NULL, to_on TEXT);
CREATE TABLE trial_members (
  trial_no INTEGER NOT NULL REFERENCES trials(trial_no), member_no INTEGER NOT NULL REFERENCES members(member_no),
  PRIMARY KEY (trial_no, member_no));

CREATE TABLE documents (
  doc_no INTEGER PRIMARY KEY, site_no INTEGER REFERENCES sites(site_no), headline TEXT,
  reach TEXT NOT NULL CHECK (reach IN ('private', 'site')), started_by INTEGER REFERENCES members(member_no), made_on TEXT NOT NULL,
  held_from TEXT, held_why TEXT);
CREATE TABLE doc_authors (
  doc_no INTEGER NOT NULL REFERENCES documents(doc_no), member_no INTEGER NOT NULL REFERENCES members(member_no),
  PRIMARY KEY (doc_no, member_no));
CREATE TABLE doc_versions (
  version_no INTEGER PRIMARY KEY, doc_no INTEGER NOT NULL REFERENCES documents(doc_no),
  writer_no INTEGER REFERENCES members(member_no), body TEXT, saved_at TEXT NOT NULL);
CREATE TABLE doc_grants (
  doc_no INTEGER NOT NULL REFERENCES documents(doc_no), member_no INTEGER NOT NULL REFERENCES members(member_no),
  may TEXT NOT NULL CHECK (may IN ('view', 'disclose', 'edit', 'copy', 'download')),
  given_by INTEGER REFERENCES members(member_no), PRIMARY KEY (doc_no, member_no, may));

CREATE TABLE rooms (room_no INTEGER PRIMARY KEY, site_no INTEGER NOT NULL REFERENCES sites(site_no), label TEXT NOT NULL, closed INTEGER NOT NULL DEFAULT 0);
CREATE TABLE room_members (
  room_no INTEGER NOT NULL REFERENCES rooms(room_no), member_no INTEGER NOT NULL REFERENCES members(member_no),
  PRIMARY KEY (room_no, member_no));
CREATE TABLE messages (
  message_no INTEGER PRIMARY KEY, room_no INTEGER NOT NULL REFERENCES rooms(room_no),
  writer_no INTEGER REFERENCES members(member_no), body TEXT, sent_at TEXT NOT NULL);
CREATE TABLE message_readers (
  message_no INTEGER NOT NULL REFERENCES messages(message_no), member_no INTEGER NOT NULL REFERENCES members(member_no),
  PRIMARY KEY (message_no, member_no));
CREATE TABLE mentions (
  mention_no INTEGER PRIMARY KEY, message_no INTEGER REFERENCES messages(message_no), version_no INTEGER REFERENCES doc_versions(version_no),
  member_no INTEGER NOT NULL REFERENCES members(member_no));
CREATE TABLE enclosures (
  enclosure_no INTEGER PRIMARY KEY, message_no INTEGER REFERENCES messages(message_no), doc_no INTEGER REFERENCES documents(doc_no),
  added_by INTEGER REFERENCES members(member_no), file_title TEXT, media_type TEXT, size_bytes INTEGER,
  sha256 TEXT NOT NULL REFERENCES blobs(sha256));

-- Full text indexes of what people wrote. They hold no rows of their own; an erasure rebuilds them.
CREATE VIRTUAL TABLE message_words USING fts5(body, content = 'messages', content_rowid = 'message_no');
CREATE VIRTUAL TABLE version_words USING fts5(body, content = 'doc_versions', content_rowid = 'version_no');

CREATE TABLE app_grants (
  grant_no INTEGER PRIMARY KEY, site_no INTEGER NOT NULL REFERENCES sites(site_no), app TEXT NOT NULL, maker TEXT NOT NULL,
  maker_contact TEXT, maker_notice TEXT, installed_by INTEGER REFERENCES members(member_no), scopes TEXT NOT NULL,
  installed_at TEXT NOT NULL, removed_at TEXT);
CREATE TABLE app_reach (
  grant_no INTEGER NOT NULL REFERENCES app_grants(grant_no), member_no INTEGER NOT NULL REFERENCES members(member_no),
  PRIMARY KEY (grant_no, member_no));
CREATE TABLE app_calls (
  call_no INTEGER PRIMARY KEY, grant_no INTEGER NOT NULL REFERENCES app_grants(grant_no), outcome TEXT NOT NULL, at TEXT NOT NULL);

-- Organisations ---------------------------------------------------------------------------------------------------------
INSERT INTO customers VALUES
  (1, 'Brindle Mills', 'privacy@brindle-mills.example', 'https://brindle-mills.example/privacy', 730),
  (2, 'Saltmarsh Housing Trust', 'dataprotection@saltmarsh-trust.example', 'https://saltmarsh-trust.example/rules', 365),
  (3, 'Ovenbird Studio', NULL, NULL, NULL);      -- names no privacy contact and no rules: questions go up to us
INSERT INTO mail_domains VALUES
  ('brindle-mills.example', 1, 'dns-txt:qh-7731', '2026-01-12', 'accepted'),
  ('saltmarsh-trust.example', 2, NULL, NULL, 'refused'),                    -- a claim without proof opens nothing
  ('everyones-mail.example', 3, 'dns-txt:qh-9020', '2026-03-02', 'refused');   -- a public mail domain belongs to nobody in particular
INSERT INTO sites VALUES
  (1, 1, 'Brindle Mills, all hands', 'cloud'), (2, 2, 'Saltmarsh Trust', 'cloud'), (3, NULL, 'Open square', 'cloud'),
  (4, 1, 'Brindle Mills, own machines', 'server'), (5, 2, 'Saltmarsh cluster', 'data_centre'), (6, 3, 'Ovenbird attic', 'server');
INSERT INTO conditional_powers VALUES
  (1, 'account_access', 1, 4), (1, 'change_email', 1, 4), (1, 'change_profile', 1, 4), (1, 'limit_editing', 1, 4),
  (2, 'account_access', 0, 2), (2, 'change_email', 0, 2), (2, 'change_profile', 0, 2), (2, 'limit_editing', 0, 2);

-- Awkward members -------------------------------------------------------------------------------------------------------
INSERT INTO blobs VALUES
  ('c0ffee01', x'89504e470d0a1a0a01', x'4749', NULL),
  ('c0ffee02', x'89504e470d0a1a0a02', x'4749', NULL),
  ('beef0001', x'255044462d312e3401', x'474a', 'Appraisal of Ruth Castellane for the year'),
  ('beef0002', x'255044462d312e3402', x'474a', 'House rules'),
  ('beef0003', x'255044462d312e3403', x'474a', 'Mirela Tudose, my own drawings'),
  ('beef0004', x'255044462d312e3404', x'474a', 'Budget of the loom hall');
INSERT INTO members VALUES
  -- 1: one of three authors of a document; asks to be removed; quoted by full name in a message, and in a file name
  (1, 'ruth.castellane@brindle-mills.example', 'Ruth Castellane', 'Ruth C.', '+353 91 555 0101', 'Weaver', 'IE', 'c0ffee01', 'argon2id$r1', 'active', 0, '2026-01-15', NULL, 1, '2026-01-15'),
  -- 2 and 3: her co-authors, who keep the document
  (2, 'tomasz.wielgosz@brindle-mills.example', 'Tomasz Wielgosz', 'Tomasz', '+353 91 555 0102', 'Dyer', 'IE', NULL, 'argon2id$r2', 'active', 0, '2026-01-15', NULL, 1, '2026-01-15'),
  (3, 'amara.okonjo@brindle-mills.example', 'Amara Okonjo', 'Amara', NULL, 'Pattern maker', 'GB', NULL, 'argon2id$r3', 'active', 0, '2026-01-16', NULL, 1, '2026-01-16'),
  -- 4: managed; asks for erasure while the organisation holds one of his drafts
  (4, 'declan.moriarty@brindle-mills.example', 'Declan Moriarty', 'Dec', '+353 91 555 0104', 'Buyer', 'IE', NULL, 'argon2id$r4', 'active', 0, '2026-02-01', NULL, 1, '2026-02-01'),
  -- 5: administrator of another organisation, who tried her powers on 4
  (5, 'ingrid.solheim@saltmarsh-trust.example', 'Ingrid Solheim', 'Ingrid', NULL, 'Office manager', 'NO', NULL, 'argon2id$r5', 'active', 0, '2026-02-03', NULL, 2, '2026-02-03'),
  -- 6: closed 38 days ago, within the 60 days in which he can come back
  (6, 'piotr.zaleska@lone-quill.example', 'Piotr Zaleska', 'Piotr', NULL, NULL, 'PL', NULL, 'argon2id$r6', 'closed', 0, '2026-03-01', '2026-10-15', NULL, NULL),
  -- 7: closed 144 days ago; her account is long due
  (7, 'henrike.auerbach@lone-quill.example', 'Henrike Auerbach', 'Henrike', NULL, NULL, 'DE', NULL, 'argon2id$r7', 'closed', 0, '2026-01-20', '2026-07-01', NULL, NULL),
  -- 8: her phone is in the text-message programme and on the marketing list; two devices, bought facts, a score
  (8, 'lucia.ferrant@lone-quill.example', 'Lucia Ferrant', 'Lucia', '+1 415 555 0108', 'Illustrator', 'US', NULL, 'argon2id$r8', 'active', 0, '2026-02-10', NULL, NULL, NULL),
  -- 9: a tester who searches for mentions of himself; one of the five stands in a room that he cannot enter
  (9, 'bashir.nadeem@saltmarsh-trust.example', 'Bashir Nadeem', 'Bashir', NULL, 'Tester', 'GB', NULL, 'argon2id$r9', 'active', 0, '2026-02-11', NULL, 2, '2026-02-11'),
  -- 10: on her own; one file that only she holds, one that member 3 attached as well
  (10, 'mirela.tudose@lone-quill.example', 'Mirela Tudose', 'Mirela', NULL, NULL, 'RO', 'c0ffee02', 'argon2id$r10', 'active', 0, '2026-02-12', NULL, NULL, NULL),
  -- 11: administrator of Brindle Mills: uses powers, installs apps, sets holds
  (11, 'wanda.kelso@brindle-mills.example', 'Wanda Kelso', 'Wanda', '+353 91 555 0111', 'Administrator', 'IE', NULL, 'argon2id$r11', 'active', 0, '2026-01-12', NULL, 1, '2026-01-12'),
  -- 12: restricted while the accuracy of her record is looked into
  (12, 'yuki.hallstrom@lone-quill.example', 'Yuki Hallstrom', 'Yuki', NULL, NULL, 'SE', NULL, 'argon2id$r12', 'active', 1, '2026-03-05', NULL, NULL, NULL),
  -- 13: nothing at all beside the account
  (13, 'nils.ensom@lone-quill.example', 'Nils Ensom', NULL, NULL, NULL, NULL, NULL, NULL, 'active', 0, '2026-04-01', NULL, NULL, NULL),
  -- 14: her whole name is a common word of many texts
  (14, 'may@lone-quill.example', 'May', 'May', NULL, NULL, 'GB', NULL, 'argon2id$r14', 'active', 0, '2026-04-02', NULL, NULL, NULL),
  -- 15: letters outside ASCII; writes his address in capitals elsewhere
  (15, 'björn.ærø@lone-quill.example', 'Björn Ærø', 'Björn', NULL, NULL, 'DK', NULL, 'argon2id$r15', 'active', 0, '2026-04-03', NULL, NULL, NULL),
  -- 16: suspended by an administrator; the content must be untouched by that
  (16, 'odile.perrin@brindle-mills.example', 'Odile Perrin', 'Odile', NULL, 'Carder', 'FR', NULL, 'argon2id$r16', 'suspended', 0, '2026-02-20', NULL, 1, '2026-02-20'),
  -- 17: disputes a bill before a court while asking for erasure
  (17, 'faisal.trewhella@lone-quill.example', 'Faisal Trewhella', 'Faisal', '+44 1736 555 017', NULL, 'GB', NULL, 'argon2id$r17', 'active', 0, '2026-02-21', NULL, NULL, NULL),
  -- 18: shut out for breaking into accounts of others; why that is kept is on record
  (18, 'corinna.vask@lone-quill.example', 'Corinna Vask', 'Corinna', '+372 555 0118', NULL, 'EE', NULL, 'argon2id$r18', 'suspended', 0, '2026-02-22', NULL, NULL, NULL);

INSERT INTO preferences VALUES
  (1, 'language', 'en', '2026-02-01T09:00:00Z'), (1, 'show_picture', 'yes', '2026-02-01T09:01:00Z'),
  (8, 'newsletter', 'on', '2026-02-10T10:00:00Z'), (8, 'profiling', 'off', '2026-06-01T10:00:00Z'),   -- switched profiling off, so her score of that day has to go
  (9, 'language', 'en', '2026-02-11T10:00:00Z'), (12, 'newsletter', 'off', '2026-03-06T08:00:00Z');
INSERT INTO site_roles VALUES
  (1, 1, 'member'), (1, 2, 'member'), (1, 3, 'member'), (1, 4, 'member'), (1, 16, 'member'), (1, 11, 'administrator'), (1, 11, 'technical'), (1, 2, 'billing'),
  (2, 5, 'administrator'), (2, 9, 'member'), (3, 8, 'member'), (3, 10, 'member'), (3, 6, 'member'), (3, 7, 'member');
INSERT INTO responsibility_notices VALUES
  (1, 1, '2026-1', '2026-01-15T08:00:00Z'), (2, 1, '2026-1', '2026-01-15T08:05:00Z'), (3, 1, '2026-1', '2026-01-16T08:00:00Z'),
  (4, 1, '2026-1', '2026-02-01T08:00:00Z'), (5, 2, '2026-1', '2026-02-03T08:00:00Z'), (9, 2, '2026-1', '2026-02-11T08:00:00Z');
INSERT INTO administrator_acts VALUES
  (1, 11, 16, 'access_control', 'done', 'suspended during an inquiry', '2026-09-01T10:00:00Z'),
  (2, 11, 1, 'read_account', 'done', 'read the profile of Ruth Castellane', '2026-09-03T10:00:00Z'),
  (3, 5, 4, 'read_account', 'refused', 'other organisation', '2026-09-04T10:00:00Z'),          -- an administrator of another organisation: refused and kept on record
  (4, 11, 4, 'retain_content', 'done', 'draft on the supplier dispute', '2026-06-02T09:00:00Z'),
  (5, 11, 3, 'change_profile', 'done', 'job: Cutter -> Pattern maker', '2026-05-05T09:00:00Z'),
  (6, 5, 9, 'change_email', 'refused', 'power not granted', '2026-05-06T09:00:00Z');            -- a conditional power that this organisation does not have
INSERT INTO trials VALUES (1, 'side-by-side editing', 'every tenth account number', '2026-10-01', NULL);
INSERT INTO trial_members VALUES (1, 1), (1, 10);

-- Documents -------------------------------------------------------------------------------------------------------------
INSERT INTO documents VALUES
  (1, 1, 'How we weave', 'site', 1, '2026-03-01', NULL, NULL),                                       -- three authors, of whom 1 asks to be removed
  (2, 1, 'Supplier dispute, my notes', 'private', 4, '2026-05-20', '2026-06-02', 'dispute with a supplier'),   -- held by the organisation
  (3, 1, 'Shopping list', 'private', 4, '2026-05-21', NULL, NULL),                                   -- not held: goes with its only author
  (4, 1, 'Ruth''s drafts', 'private', 1, '2026-04-01', NULL, NULL),
  (5, 1, 'Colours we share', 'private', 1, '2026-04-02', NULL, NULL),                                -- private to two: stays while 2 has it
  (6, 3, 'Drawings', 'private', 10, '2026-04-03', NULL, NULL),
  (7, 3, 'Where to meet', 'site', 10, '2026-04-04', NULL, NULL),
  (8, 3, 'Left behind', 'site', 7, '2026-02-04', NULL, NULL);                                        -- shared content of a closed account: stays visible
INSERT INTO doc_authors VALUES (1, 1), (1, 2), (1, 3), (2, 4), (3, 4), (4, 1), (5, 1), (5, 2), (6, 10), (7, 10), (8, 7);
INSERT INTO doc_versions VALUES
  (1, 1, 1, 'Warp first. Written by Ruth Castellane.', '2026-03-01T09:00:00Z'),
  (2, 1, 2, 'Warp first, then weft. Thanks to ruth.castellane@brindle-mills.example for the start.', '2026-03-02T09:00:00Z'),
  (3, 1, 3, 'Warp, weft, wash.', '2026-03-03T09:00:00Z'),
  (4, 2, 4, 'They owe us forty bales. Declan Moriarty', '2026-05-20T09:00:00Z'),
  (5, 3, 4, 'Tea, pens', '2026-05-21T09:00:00Z'),
  (6, 4, 1, 'Not for others', '2026-04-01T09:00:00Z'),
  (7, 5, 1, 'Madder, woad', '2026-04-02T09:00:00Z'),
  (8, 5, 2, 'Madder, woad, weld', '2026-04-02T10:00:00Z'),
  (9, 6, 10, 'Pencil', '2026-04-03T09:00:00Z'),
  (10, 7, 10, 'By the fountain. Mirela Tudose', '2026-04-04T09:00:00Z'),
  (11, 8, 7, 'Please water the plants. Henrike Auerbach', '2026-02-04T09:00:00Z');
INSERT INTO doc_grants VALUES
  (1, 16, 'copy', 1), (1, 11, 'view', 1), (1, 11, 'edit', 1), (7, 8, 'view', 10), (7, 8, 'download', 10), (1, 16, 'view', 2), (8, 10, 'disclose', 7);

-- Rooms and messages ----------------------------------------------------------------------------------------------------
INSERT INTO rooms VALUES (1, 1, 'Loom hall', 0), (2, 2, 'Front office', 0), (3, 2, 'Board only', 1), (4, 3, 'Square', 0);
INSERT INTO room_members VALUES
  (1, 1), (1, 2), (1, 3), (1, 4), (1, 11), (1, 16), (2, 5), (2, 9), (3, 5), (4, 8), (4, 10), (4, 6), (4, 7), (4, 14), (4, 15);
INSERT INTO messages VALUES
  (1, 1, 1, 'Good morning, Ruth Castellane here.', '2026-05-01T08:00:00Z'),
  (2, 1, 2, 'As Ruth Castellane said yesterday, the red is too dark.', '2026-05-01T08:05:00Z'),      -- quotes her full name in free text
  (3, 1, 3, 'I agree.', '2026-05-01T08:06:00Z'),
  (4, 1, 1, 'Appraisal enclosed.', '2026-05-02T08:00:00Z'),
  (5, 2, 5, 'Bashir Nadeem, please test the form.', '2026-05-03T08:00:00Z'),
  (6, 2, 5, 'Bashir Nadeem again: and the list.', '2026-05-03T08:10:00Z'),
  (7, 2, 9, 'Done. Bashir', '2026-05-03T09:00:00Z'),
  (8, 2, 5, 'Thanks, bashir.nadeem@saltmarsh-trust.example', '2026-05-03T09:10:00Z'),
  (9, 3, 5, 'Shall Bashir Nadeem get a raise?', '2026-05-04T09:00:00Z'),                             -- out of his reach: only the fact that he is named
  (10, 4, 10, 'Anybody at the fountain?', '2026-05-05T09:00:00Z'),
  (11, 4, 8, 'In a minute.', '2026-05-05T09:01:00Z'),
  (12, 4, 7, 'I may be late. It may rain in May.', '2026-05-05T09:02:00Z'),                          -- the name of 14 as a common word
  (13, 4, 15, 'Jeg kommer. BJÖRN.ÆRØ@lone-quill.example', '2026-05-05T09:03:00Z'),
  (14, 1, 4, 'Files as agreed.', '2026-05-06T08:00:00Z'),
  (15, 1, 11, 'Welcome, everybody.', '2026-05-07T08:00:00Z');
INSERT INTO message_readers VALUES
  (1, 2), (1, 3), (2, 1), (2, 3), (3, 1), (3, 2), (4, 2), (4, 11), (5, 9), (6, 9), (7, 5), (8, 9), (9, 5), (10, 8), (10, 6), (11, 10), (12, 14), (12, 10),
  (13, 10), (14, 1), (14, 3), (15, 1), (15, 2), (15, 3), (15, 4), (15, 16);
INSERT INTO mentions VALUES
  (1, 2, NULL, 1), (2, NULL, 2, 1), (3, 5, NULL, 9), (4, 6, NULL, 9), (5, 8, NULL, 9), (6, 9, NULL, 9);
INSERT INTO enclosures VALUES
  (1, 4, NULL, 1, 'Ruth Castellane - appraisal.pdf', 'application/pdf', 9, 'beef0001'),               -- a file name with a name in it
  (2, 14, NULL, 4, 'rules.pdf', 'application/pdf', 9, 'beef0002'),
  (3, NULL, 6, 10, 'mirela-drawings.pdf', 'application/pdf', 9, 'beef0003'),                         -- only she holds it: the bytes go with it
  (4, NULL, 6, 10, 'budget.pdf', 'application/pdf', 9, 'beef0004'),
  (5, 3, NULL, 3, 'budget.pdf', 'application/pdf', 9, 'beef0004');                                   -- the same bytes, held by another: they stay

-- Apps ------------------------------------------------------------------------------------------------------------------
INSERT INTO app_grants VALUES
  (1, 1, 'Gantt Garden', 'Terrace Apps Oy', 'privacy@terrace-apps.example', 'https://terrace-apps.example/privacy', 11, 'name,email,used_content', '2026-03-10T09:00:00Z', NULL),
  (2, 1, 'Poll Pigeon', 'Feather Tools LLC', NULL, 'https://feather-tools.example/privacy', 1, 'name,used_content', '2026-04-10T09:00:00Z', '2026-11-21T17:00:00Z'),   -- removed yesterday; its maker left no contact
  (3, 3, 'Sketch Relay', 'Umber GmbH', 'datenschutz@umber.example', 'https://umber.example/datenschutz', 10, 'account,used_content', '2026-05-10T09:00:00Z', NULL);
INSERT INTO app_reach VALUES (1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (3, 10);
INSERT INTO app_calls VALUES
  (1, 1, 'allowed', '2026-11-20T10:00:00Z'), (2, 2, 'allowed', '2026-11-20T10:00:00Z'),
  (3, 2, 'refused', '2026-11-22T07:30:00Z');                                                         -- the removed app tries its old token

-- Ordinary members ------------------------------------------------------------------------------------------------------
WITH RECURSIVE
  n(i) AS (SELECT 21 UNION ALL SELECT i + 1 FROM n WHERE i < 60),
  first(k, name) AS (VALUES (0, 'Clara'), (1, 'Jonas'), (2, 'Meera'), (3, 'Pavel'), (4, 'Sofia'), (5, 'Edwin'), (6, 'Leila'), (7, 'Hugo')),
  last(k, name) AS (VALUES (2, 'Birkett'), (3, 'Dunmore'), (4, 'Ekdahl'), (5, 'Frobisher'), (6, 'Guthrie'), (7, 'Hathersage'))
INSERT INTO members
SELECT i, lower(first.name || '.' || last.name) || '@lone-quill.example', first.name || ' ' || last.name, first.name,
       '+44 20 7946 ' || printf('%04d', i), NULL, 'GB', NULL, 'argon2id$r' || i, 'active', 0, date('2026-01-01', '+' || i || ' days'), NULL, NULL, NULL
FROM n JOIN first ON first.k = i % 8 JOIN last ON last.k = i / 8;
INSERT INTO preferences SELECT member_no, 'language', 'en', '2026-05-01T00:00:00Z' FROM members WHERE member_no > 20;
INSERT INTO site_roles SELECT 3, member_no, 'member' FROM members WHERE member_no > 20;
INSERT INTO room_members SELECT 4, member_no FROM members WHERE member_no > 20;
INSERT INTO documents SELECT 100 + member_no, 3, 'Notes ' || member_no, CASE member_no % 2 WHEN 0 THEN 'private' ELSE 'site' END, member_no, '2026-06-01', NULL, NULL FROM members WHERE member_no > 20;
INSERT INTO doc_authors SELECT 100 + member_no, member_no FROM members WHERE member_no > 20;
INSERT INTO doc_versions SELECT 200 + member_no, 100 + member_no, member_no, 'Things to remember, page ' || member_no, '2026-06-01T09:00:00Z' FROM members WHERE member_no > 20;
INSERT INTO messages SELECT 300 + member_no, 4, member_no, 'Hello to the square from number ' || member_no, '2026-06-02T09:00:00Z' FROM members WHERE member_no > 20;
INSERT INTO message_readers SELECT 300 + member_no, 21 + (member_no - 20) % 40 FROM members WHERE member_no > 20;

INSERT INTO message_words(message_words) VALUES ('rebuild');
INSERT INTO version_words(version_words) VALUES ('rebuild');
COMMIT;
