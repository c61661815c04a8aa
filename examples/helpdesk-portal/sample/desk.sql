-- The product: one workspace for each customer, the seats of those who answer, the contacts of those who ask.
-- Contacts, enquiries, chats and remarks belong to our customers; we only keep them. Nobody in it exists.

PRAGMA foreign_keys = ON;

CREATE TABLE workspaces (
  no               INTEGER PRIMARY KEY,
  organisation     TEXT NOT NULL,
  seat_country     TEXT NOT NULL,
  mail_domain      TEXT,
  domain_proven_on TEXT,
  plan             TEXT NOT NULL CHECK (plan IN ('trial', 'paying', 'ended')),
  own_notice_url   TEXT,
  agreement        TEXT,
  agreed_on        TEXT,
  opened_on        TEXT NOT NULL,
  closed_on        TEXT
);
CREATE TABLE seats (
  no           INTEGER PRIMARY KEY,
  workspace_no INTEGER NOT NULL REFERENCES workspaces(no),
  person_no    INTEGER NOT NULL,              -- people.no of the office database
  shown_as     TEXT NOT NULL,
  duty         TEXT NOT NULL CHECK (duty IN ('administrator', 'agent')),
  sign_in      TEXT NOT NULL,
  state        TEXT NOT NULL,
  last_active  TEXT
);
CREATE TABLE feature_uses (
  no      INTEGER PRIMARY KEY,
  seat_no INTEGER NOT NULL REFERENCES seats(no),
  feature TEXT NOT NULL,
  used_at TEXT NOT NULL
);
CREATE TABLE contacts (
  no           INTEGER PRIMARY KEY,
  workspace_no INTEGER NOT NULL REFERENCES workspaces(no),
  full_name    TEXT,
  email        TEXT,
  phone        TEXT,
  chat_handle  TEXT,
  firm         TEXT,
  remarks      TEXT,
  state        TEXT NOT NULL DEFAULT 'active',
  added_on     TEXT NOT NULL
);
CREATE TABLE enquiries (
  no           INTEGER PRIMARY KEY,
  workspace_no INTEGER NOT NULL REFERENCES workspaces(no),
  asked_by     INTEGER NOT NULL REFERENCES contacts(no),
  handled_by   INTEGER REFERENCES seats(no),
  topic        TEXT NOT NULL,
  opened_on    TEXT NOT NULL,
  closed_on    TEXT
);
CREATE TABLE posts (
  no         INTEGER PRIMARY KEY,
  enquiry_no INTEGER NOT NULL REFERENCES enquiries(no),
  contact_no INTEGER REFERENCES contacts(no),
  seat_no    INTEGER REFERENCES seats(no),
  wording    TEXT NOT NULL,
  sent_at    TEXT NOT NULL
);
CREATE TABLE followers (
  enquiry_no INTEGER NOT NULL REFERENCES enquiries(no),
  contact_no INTEGER NOT NULL REFERENCES contacts(no),
  PRIMARY KEY (enquiry_no, contact_no)
);
CREATE TABLE enclosures (
  no        INTEGER PRIMARY KEY,
  post_no   INTEGER NOT NULL REFERENCES posts(no),
  file_name TEXT NOT NULL,
  digest    TEXT NOT NULL
);
CREATE TABLE chats (
  no           INTEGER PRIMARY KEY,
  workspace_no INTEGER NOT NULL REFERENCES workspaces(no),
  contact_no   INTEGER NOT NULL REFERENCES contacts(no),
  transcript   TEXT NOT NULL,
  held_at      TEXT NOT NULL
);
CREATE TABLE help_pages (
  no           INTEGER PRIMARY KEY,
  workspace_no INTEGER NOT NULL REFERENCES workspaces(no),
  headline     TEXT NOT NULL,
  seat_no      INTEGER REFERENCES seats(no),
  wording      TEXT NOT NULL
);
CREATE TABLE page_remarks (
  no         INTEGER PRIMARY KEY,
  page_no    INTEGER NOT NULL REFERENCES help_pages(no),
  contact_no INTEGER REFERENCES contacts(no),
  shown_name TEXT NOT NULL,
  remark     TEXT NOT NULL,
  is_public  INTEGER NOT NULL,
  warned_at  TEXT,
  written_at TEXT NOT NULL
);
CREATE TABLE app_links (
  no              INTEGER PRIMARY KEY,
  workspace_no    INTEGER NOT NULL REFERENCES workspaces(no),
  app             TEXT NOT NULL,
  provider_notice TEXT,
  note_shown_at   TEXT,
  seat_no         INTEGER REFERENCES seats(no),
  scopes          TEXT NOT NULL,
  added_on        TEXT NOT NULL
);

INSERT INTO workspaces VALUES
  (1, 'Northquay Freight',     'GB', 'northquay.example',            '2023-04-10', 'paying',   'https://northquay.example/privacy', 'v5', '2025-01-15', '2023-04-03', NULL),
  (2, 'Glasswing Optics',      'GB', 'glasswing.example',            '2022-10-01', 'paying',   'https://glasswing.example/privacy', 'v5', '2025-02-01', '2022-09-14', NULL),
  (3, 'Tessitura Sole',        'IT', 'tessitura.example',            '2025-02-01', 'paying',   NULL,                                'v5', '2025-01-20', '2025-01-20', NULL),  -- has set no notice of its own yet
  (4, 'Trial of T. Wrenn',     'GB', 'northquay.example',            NULL,         'trial',  NULL,                                NULL, NULL,         '2026-11-09', NULL),  -- a trial on the domain that workspace 1 has proved
  (5, 'Trial of P. Solvang',   'NO', 'openmail.example',             NULL,         'trial',  NULL,                                NULL, NULL,         '2026-11-11', NULL),  -- a trial on a public mail domain
  (6, 'Kestrel Works',         'SE', 'kestrelworks.example',         '2018-09-01', 'ended',  NULL,                                'v2', '2018-08-20', '2018-08-20', '2021-02-28'),  -- left us; its agreement is of an old version
  (7, 'Saltmarsh Dairy',       'GB', 'saltmarsh.example',            NULL,         'paying',   'https://saltmarsh.example/privacy', 'v4', '2023-11-05', '2023-11-05', NULL),  -- says it owns the domain, has not proved it
  (8, 'Polderpost',            'NL', 'polderpost.example',           '2024-10-08', 'paying',   'https://polderpost.example/privacy', 'v5', '2025-03-01', '2024-10-01', NULL);

INSERT INTO seats VALUES
  (1, 1, 1,  'Imogen',   'administrator', 'google',   'active',   '2026-11-20'),  -- our customer, also contact 1 and 2 below
  (2, 1, 5,  'Gareth',   'agent',         'password', 'active',   '2026-11-10'),
  (3, 2, 7,  'Silvan',   'administrator', 'password', 'active',   '2026-11-19'),
  (4, 3, 4,  'Leonie',   'administrator', 'password', 'active',   '2026-11-18'),
  (5, 4, 2,  'Tobias',   'administrator', 'google',   'active',   '2026-11-21'),
  (6, 5, 3,  'Pia',      'administrator', 'google',   'active',   '2026-11-21'),
  (7, 6, 14, 'Cora',     'administrator', 'password', 'closed',   '2021-02-27'),
  (8, 7, 13, 'Quentin',  'administrator', 'password', 'active',   '2026-11-02'),
  (9, 8, 12, 'Hanne',    'administrator', 'password', 'active',   '2026-11-17'),
  (10, 2, 101, 'Front desk', 'agent',     'password', 'active',   '2026-11-17'),
  (11, 1, 102, 'Night shift', 'agent',    'password', 'disabled', '2026-08-03');

INSERT INTO feature_uses VALUES
  (1, 1, 'queue_filter', '2026-11-20 08:00:00'), (2, 1, 'export', '2026-11-20 08:12:00'), (3, 3, 'reports', '2026-11-19 10:00:00'),
  (4, 10, 'merge', '2026-11-17 15:00:00'), (5, 9, 'queue_filter', '2026-11-17 09:30:00');

INSERT INTO contacts VALUES
  -- 1 and 2: the same woman with the same address, known to two customers; she is our own customer too (office: people 1).
  (1, 2, 'Imogen Farrant', 'imogen.farrant@northquay.example', '+44 1482 555 011', NULL, 'Northquay Freight', 'Buys lenses for the drivers.', 'active', '2024-02-02'),
  (2, 3, 'Imogen Farrant', 'Imogen.Farrant@Northquay.example', NULL, NULL, 'Northquay Freight', NULL, 'active', '2025-06-06'),
  -- 3: wrote a public remark; the page shows the name, never the address.
  (3, 2, 'Felix Aubry', 'felix.aubry@lanternehaus.example', NULL, 'faubry', 'Lanternehaus', NULL, 'active', '2025-01-11'),
  -- 4: quotes somebody else's name and address in her own enquiry, and is quoted in another's.
  (4, 1, 'Dana Whitlock', 'dana.whitlock@pinecrest.example', '+44 1904 555 004', NULL, 'Pinecrest', 'Prefers mornings.', 'active', '2024-07-07'),
  -- 5: only follows the enquiries of others.
  (5, 1, 'Ewan Strachan', 'ewan.strachan@pinecrest.example', NULL, NULL, 'Pinecrest', NULL, 'active', '2024-07-08'),
  -- 6: a shared mailbox; the address leads to nobody in particular.
  (6, 1, 'Pinecrest reception', 'info@pinecrest.example', NULL, NULL, 'Pinecrest', NULL, 'active', '2024-07-09'),
  -- 7: same mailbox address as contact 3, under another customer: another person for us.
  (7, 1, 'F. Aubry', 'felix.aubry@lanternehaus.example', NULL, NULL, 'Lanternehaus', NULL, 'active', '2026-03-03');

-- Ordinary contacts: 101 to 130, ten in each of the workspaces 1, 2 and 3.
WITH RECURSIVE
  n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30),
  first(i, name) AS (VALUES (0, 'Ines'), (1, 'Jasper'), (2, 'Karla'), (3, 'Lennart'), (4, 'Mabel'), (5, 'Niko')),
  last(i, name) AS (VALUES (0, 'Farnham'), (1, 'Goodall'), (2, 'Hollis'), (3, 'Ingram'), (4, 'Jessop'))
INSERT INTO contacts
SELECT 100 + n.i, 1 + n.i % 3, first.name || ' ' || last.name, lower(first.name) || '.' || lower(last.name) || '@callers.example',
       '+44 20 7946 1' || (100 + n.i), NULL, NULL, NULL, 'active', date('2025-01-01', '+' || (n.i * 9) || ' days')
FROM n JOIN first ON first.i = n.i % 6 JOIN last ON last.i = n.i % 5
WHERE first.i + 1 > 0
ORDER BY n.i;

INSERT INTO enquiries VALUES
  (1, 2, 1, 3,    'Lenses for eleven drivers', '2026-01-14', '2026-01-20'),
  (2, 3, 2, 4,    'Cloth samples', '2026-05-02', NULL),
  (3, 2, 3, 10,   'Scratched frame', '2026-02-11', '2026-02-15'),
  (4, 1, 4, 2,    'Pallet lost on the way to Pinecrest', '2026-03-09', '2026-03-12'),
  (5, 1, 6, 2,    'Opening hours', '2026-04-01', '2026-04-01');
INSERT INTO posts VALUES
  (1, 1, 1, NULL, 'We need eleven pairs by March. Imogen Farrant', '2026-01-14 09:00:00'),
  (2, 1, NULL, 3, 'Dear Imogen, they will be ready.', '2026-01-14 11:00:00'),
  (3, 2, 2, NULL, 'May I have three samples?', '2026-05-02 10:00:00'),
  (4, 3, 3, NULL, 'My frame came with a scratch. Felix Aubry, felix.aubry@lanternehaus.example', '2026-02-11 08:00:00'),
  (5, 3, NULL, 10, 'A new one is on its way, Felix.', '2026-02-11 12:00:00'),
  (6, 4, 4, NULL, 'The pallet is missing. Please tell Ewan Strachan (ewan.strachan@pinecrest.example) too.', '2026-03-09 07:30:00'),  -- names the follower
  (7, 4, 5, NULL, 'Ewan here: Dana Whitlock is right, it never came.', '2026-03-09 09:10:00'),                                       -- written by the follower, names the asker
  (8, 4, NULL, 2, 'Found in Goole, Dana. Gareth Pell', '2026-03-12 15:00:00'),
  (9, 5, 6, NULL, 'When do you open?', '2026-04-01 08:00:00');
INSERT INTO followers VALUES (4, 5), (3, 1);                              -- 5 follows the enquiry of 4; 1 follows that of 3
INSERT INTO enclosures VALUES
  (1, 4, 'scratch.jpg', 'd41f8c'), (2, 6, 'waybill-dana-whitlock.pdf', '88aa01');
INSERT INTO chats VALUES
  (1, 2, 3, 'Felix Aubry: hello? Front desk: good morning, Felix.', '2026-02-10 16:00:00'),
  (2, 1, 4, 'Dana: is the office open? Night shift: until six.', '2026-03-01 17:20:00');
INSERT INTO help_pages VALUES
  (1, 2, 'How to clean your lenses', 3, 'Lukewarm water and a soft cloth.'),
  (2, 1, 'How to track a pallet', 1, 'Imogen Farrant explains: open the page Shipments.');
INSERT INTO page_remarks VALUES
  (1, 1, 3, 'Felix Aubry', 'Works well. Yours, Felix Aubry', 1, '2026-02-20 10:00:00', '2026-02-20 10:01:00'),      -- public: name and words are shown, the address must not be
  (2, 1, 1, 'Imogen', 'Thank you, Felix!', 1, '2026-02-21 09:00:00', '2026-02-21 09:01:00'),
  (3, 2, 4, 'Dana W.', 'Only for the staff of Northquay.', 0, NULL, '2026-03-15 09:00:00');                          -- not public
INSERT INTO app_links VALUES
  (1, 1, 'Roadbook Calendar', 'https://roadbook.example/privacy', '2026-02-01 10:00:00', 1, 'contacts:read', '2026-02-01'),
  (2, 2, 'Paperboat Surveys', 'https://paperboat.example/privacy', '2025-09-09 10:00:00', 10, 'contacts:read enquiries:read', '2025-09-09');

-- Ordinary enquiries: one for each ordinary contact, two posts in each.
INSERT INTO enquiries SELECT no, workspace_no, no, CASE workspace_no WHEN 1 THEN 2 WHEN 2 THEN 10 ELSE 4 END, 'Question ' || no, added_on, added_on FROM contacts WHERE no > 100;
INSERT INTO posts SELECT no * 10, no, no, NULL, 'I have a question. ' || full_name, added_on || ' 09:00:00' FROM contacts WHERE no > 100;
INSERT INTO posts SELECT no * 10 + 1, no, NULL, CASE workspace_no WHEN 1 THEN 2 WHEN 2 THEN 10 ELSE 4 END, 'Here is the answer.', added_on || ' 10:00:00' FROM contacts WHERE no > 100;
