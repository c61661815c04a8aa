-- Quillhaven: the office: who pays, who asks for help, what people allowed, what was disclosed, and the record of backups.
PRAGMA foreign_keys = ON;
BEGIN;
CREATE TABLE payers (
  payer_no INTEGER PRIMARY KEY, customer_no INTEGER, full_name TEXT, email TEXT, phone TEXT, card_token TEXT);
CREATE TABLE invoices (
  invoice_no INTEGER PRIMARY KEY, customer_no INTEGER, payer_no INTEGER REFERENCES payers(payer_no), total_cents INTEGER NOT NULL, issued_on TEXT NOT NULL);
CREATE TABLE tickets (
  ticket_no INTEGER PRIMARY KEY, asker_no INTEGER, asker_email TEXT, asker_name TEXT, summary TEXT, opened_at TEXT NOT NULL, closed_at TEXT);
CREATE TABLE ticket_files (
  file_no INTEGER PRIMARY KEY, ticket_no INTEGER NOT NULL REFERENCES tickets(ticket_no), kind TEXT NOT NULL, file_title TEXT, bytes BLOB, look_for_others INTEGER NOT NULL DEFAULT 0);
CREATE TABLE ticket_calls (
  call_no INTEGER PRIMARY KEY, ticket_no INTEGER NOT NULL REFERENCES tickets(ticket_no), notes TEXT, at TEXT NOT NULL);
CREATE TABLE permissions (
  permission_no INTEGER PRIMARY KEY, member_no INTEGER NOT NULL, kind TEXT NOT NULL, recipient TEXT, item TEXT, given_at TEXT NOT NULL, withdrawn_at TEXT);
CREATE TABLE praise (
  praise_no INTEGER PRIMARY KEY, member_no INTEGER NOT NULL, words TEXT NOT NULL, words_allowed_at TEXT, name_allowed_at TEXT, shown_on TEXT);
CREATE TABLE disclosures (
  disclosure_no INTEGER PRIMARY KEY, recipient TEXT NOT NULL, member_no INTEGER, category TEXT NOT NULL, purpose TEXT NOT NULL,
  consideration TEXT NOT NULL CHECK (consideration IN ('none', 'other_value', 'money')), at TEXT NOT NULL);
CREATE TABLE matters (
  matter_no INTEGER PRIMARY KEY, member_no INTEGER NOT NULL, ground TEXT NOT NULL CHECK (ground IN ('claim', 'compelling')),
  why TEXT NOT NULL, decided_by TEXT NOT NULL, opened_on TEXT NOT NULL);
CREATE TABLE backup_sets (set_no INTEGER PRIMARY KEY, taken_at TEXT NOT NULL, ends_on TEXT NOT NULL, digest TEXT NOT NULL, state TEXT NOT NULL);
CREATE TABLE erasure_marks (mark_no INTEGER PRIMARY KEY, keyed_digest TEXT NOT NULL, erased_at TEXT NOT NULL, scope TEXT NOT NULL);

INSERT INTO payers VALUES
  (1, 1, 'Greta Lindqvist-Shaw', 'greta.shaw@brindle-mills.example', '+353 91 555 0190', 'tok_mills_1'),   -- pays for an organisation and is no member: only this system knows her
  (2, 2, 'Tobias Rook', 'tobias.rook@saltmarsh-trust.example', NULL, 'tok_salt_1'),
  (3, NULL, 'Mirela Tudose', 'Mirela.Tudose@lone-quill.example', NULL, 'tok_mirela_1');                  -- the same person as member 10, in other letters
INSERT INTO invoices VALUES
  (1, 1, 1, 48000, '2026-02-01'), (2, 1, 1, 48000, '2026-08-01'), (3, 2, 2, 12000, '2026-03-01'), (4, NULL, 3, 900, '2026-04-01'),
  (5, 2, 2, 12000, '2019-03-01');                                                                        -- older than the law asks for
INSERT INTO tickets VALUES
  (1, 1, 'ruth.castellane@brindle-mills.example', 'Ruth Castellane', 'The editor loses my last line.', '2026-05-10T09:00:00Z', '2026-05-12T09:00:00Z'),
  (2, 8, 'lucia.ferrant@lone-quill.example', 'Lucia Ferrant', 'The app closes by itself.', '2026-06-10T09:00:00Z', NULL),
  (3, NULL, 'greta.shaw@brindle-mills.example', 'Greta Lindqvist-Shaw', 'Please send the invoice of August again.', '2026-08-10T09:00:00Z', '2026-08-11T09:00:00Z'),
  (4, 11, 'wanda.kelso@brindle-mills.example', 'Wanda Kelso', 'Please close the account of Odile Perrin; I cannot do it in my settings.', '2026-09-10T09:00:00Z', NULL);   -- an administrator who asks support to close an account
INSERT INTO ticket_files VALUES
  (1, 1, 'screenshot', 'screen-of-ruth-castellane@editor.png', x'4749', 1),                              -- may show other people: to be looked at
  (2, 2, 'crash_report', 'crash-0610.txt', x'4142', 0), (3, 2, 'document', 'steps.txt', x'4344', 0);
INSERT INTO ticket_calls VALUES (1, 1, 'Rang Ruth Castellane back, line restored.', '2026-05-11T10:00:00Z');
INSERT INTO permissions VALUES
  (1, 8, 'outside_expert', 'Harrow Diagnostics', 'ticket 2', '2026-06-11T09:00:00Z', NULL),              -- this ticket, this expert, and no other
  (2, 10, 'partner_contact', 'Fennel Consulting', 'contact data', '2026-06-12T09:00:00Z', '2026-07-12T09:00:00Z'),   -- taken back after a month
  (3, 2, 'publish_words', NULL, 'praise 1', '2026-06-13T09:00:00Z', NULL);
INSERT INTO praise VALUES
  (1, 2, 'We never looked back.', '2026-06-13T09:00:00Z', NULL, '2026-06-20'),                          -- the words may be shown, the name may not
  (2, 10, 'My drawings found friends.', '2026-06-14T09:00:00Z', '2026-06-14T09:00:00Z', '2026-06-21');
INSERT INTO disclosures VALUES
  (1, 'beacon-ads', 8, 'device', 'advertising', 'other_value', '2026-06-15T09:00:00Z'), (2, 'app-makers', 11, 'contact', 'run-services', 'none', '2026-03-10T09:00:00Z'),
  (3, 'app-makers', 2, 'contact', 'run-services', 'none', '2026-03-10T09:00:00Z'), (4, 'outside-experts', 8, 'support', 'support', 'none', '2026-06-11T10:00:00Z'),
  (5, 'app-makers', 1, 'content', 'run-services', 'none', '2026-04-10T09:00:00Z');
INSERT INTO matters VALUES
  (1, 17, 'claim', 'disputes the bill of March before the county court', 'legal team', '2026-05-04'),      -- the law keeps what a claim needs
  (2, 18, 'compelling', 'broke into three accounts; must not come back unnoticed', 'security team', '2026-06-08');   -- a compelling interest, with its reason and its author
INSERT INTO backup_sets VALUES
  (1, '2026-11-10T02:00:00Z', '2027-02-08', 'aa01', 'sealed'),                                           -- older than the erasure below: restoring it must repeat that erasure
  (2, '2026-11-20T02:00:00Z', '2027-02-18', 'aa02', 'sealed');
INSERT INTO erasure_marks VALUES (1, 'hmac:6f1d0c2b', '2026-11-15T12:00:00Z', 'all systems');

WITH RECURSIVE n(i) AS (SELECT 21 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
INSERT INTO tickets SELECT 100 + i, i, NULL, NULL, 'A question about page ' || i, '2026-07-01T09:00:00Z', '2026-07-02T09:00:00Z' FROM n WHERE i % 4 = 0;
WITH RECURSIVE n(i) AS (SELECT 21 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
INSERT INTO disclosures SELECT 100 + i, 'beacon-ads', i, 'device', 'advertising', 'other_value', '2026-07-03T09:00:00Z' FROM n WHERE i % 3 = 0;
COMMIT;
