-- The office database of Larkfield Desk: the people we deal with ourselves, our bills, our mailings, our suppliers.
-- Made for the tests of this folder. Nobody in it exists. "Today" is 22 November 2026.

PRAGMA foreign_keys = ON;

CREATE TABLE people (
  no                INTEGER PRIMARY KEY,
  full_name         TEXT,
  email             TEXT,
  post_address      TEXT,
  phone             TEXT,
  chat_handle       TEXT,
  firm              TEXT,
  home_country      TEXT,
  born_on           TEXT,
  obtained_from     TEXT NOT NULL,            -- who gave us the row: self, service or a named other
  address_confirmed INTEGER NOT NULL DEFAULT 1,
  restricted        INTEGER NOT NULL DEFAULT 0,
  since             TEXT NOT NULL
);
CREATE TABLE people_groups (
  person_no INTEGER NOT NULL REFERENCES people(no),
  grp       TEXT NOT NULL CHECK (grp IN ('customer', 'visitor', 'prospect', 'personnel')),
  PRIMARY KEY (person_no, grp)
);
CREATE TABLE sign_up_drafts (
  no           INTEGER PRIMARY KEY,
  provider     TEXT NOT NULL,
  full_name    TEXT,
  email        TEXT,
  begun_at     TEXT NOT NULL,
  submitted_at TEXT,
  CHECK (submitted_at IS NOT NULL OR (full_name IS NULL AND email IS NULL))
);
CREATE TABLE demo_bookings (
  no           INTEGER PRIMARY KEY,
  person_no    INTEGER NOT NULL REFERENCES people(no),
  form_version TEXT NOT NULL,
  wishes       TEXT,
  booked_at    TEXT NOT NULL
);
CREATE TABLE help_contacts (
  no        INTEGER PRIMARY KEY,
  person_no INTEGER NOT NULL REFERENCES people(no),
  channel   TEXT NOT NULL CHECK (channel IN ('phone', 'chat', 'email', 'social', 'form')),
  wording   TEXT NOT NULL,
  at        TEXT NOT NULL
);
CREATE TABLE billing_contacts (
  workspace_no INTEGER NOT NULL,
  person_no    INTEGER NOT NULL REFERENCES people(no),
  since        TEXT NOT NULL,
  until        TEXT,
  PRIMARY KEY (workspace_no, person_no, since)
);
CREATE TABLE bills (
  no           INTEGER PRIMARY KEY,
  workspace_no INTEGER NOT NULL,
  person_no    INTEGER NOT NULL REFERENCES people(no),
  bill_to      TEXT NOT NULL,
  card_token   TEXT,
  total_pence  INTEGER NOT NULL,
  issued_on    TEXT NOT NULL
);
CREATE TABLE ideas (
  no        INTEGER PRIMARY KEY,
  person_no INTEGER REFERENCES people(no),
  headline  TEXT NOT NULL,
  wording   TEXT NOT NULL,
  votes     INTEGER NOT NULL,
  at        TEXT NOT NULL
);
CREATE TABLE idea_votes (
  idea_no   INTEGER NOT NULL REFERENCES ideas(no),
  person_no INTEGER NOT NULL REFERENCES people(no),
  PRIMARY KEY (idea_no, person_no)
);
CREATE TABLE referred_people (
  no            INTEGER PRIMARY KEY,
  full_name     TEXT,
  email         TEXT,
  email_hash    TEXT NOT NULL,
  firm          TEXT,
  referred_by   INTEGER NOT NULL REFERENCES people(no),
  referred_on   TEXT NOT NULL,
  introduced_on TEXT,
  removed_on    TEXT,
  obtained_from TEXT NOT NULL
);
CREATE TABLE refused_referrals (
  no         INTEGER PRIMARY KEY,
  email_hash TEXT NOT NULL,
  tried_on   TEXT NOT NULL
);
CREATE TABLE message_choices (
  person_no   INTEGER NOT NULL REFERENCES people(no),
  about       TEXT NOT NULL CHECK (about IN ('own', 'partners', 'adverts')),
  agreed_at   TEXT,
  declined_at TEXT,
  PRIMARY KEY (person_no, about)
);
CREATE TABLE channel_choices (
  person_no INTEGER NOT NULL REFERENCES people(no),
  channel   TEXT NOT NULL CHECK (channel IN ('email', 'phone', 'post')),
  wanted    INTEGER NOT NULL,
  set_at    TEXT NOT NULL,
  PRIMARY KEY (person_no, channel)
);
CREATE TABLE stop_flags (
  person_no INTEGER NOT NULL REFERENCES people(no),
  purpose   TEXT NOT NULL,
  since     TEXT NOT NULL,
  PRIMARY KEY (person_no, purpose)
);
CREATE TABLE stories (
  no              INTEGER PRIMARY KEY,
  person_no       INTEGER NOT NULL REFERENCES people(no),
  kind            TEXT NOT NULL CHECK (kind IN ('quote', 'case_study')),
  wording         TEXT NOT NULL,
  shown_name      TEXT,
  photo_file      TEXT,
  name_agreed_at  TEXT,
  photo_agreed_at TEXT,
  published_at    TEXT,
  taken_down_at   TEXT
);
CREATE TABLE ad_reactions (
  no        INTEGER PRIMARY KEY,
  person_no INTEGER NOT NULL REFERENCES people(no),
  platform  TEXT NOT NULL,
  reaction  TEXT NOT NULL,
  at        TEXT NOT NULL
);
CREATE TABLE trial_notices (                  -- an organisation was told that somebody on its domain began a trial
  no           INTEGER PRIMARY KEY,
  person_no    INTEGER NOT NULL REFERENCES people(no),
  workspace_no INTEGER NOT NULL,
  told_no      INTEGER REFERENCES people(no),
  told_at      TEXT NOT NULL
);
CREATE TABLE suppliers (
  no             INTEGER PRIMARY KEY,
  firm           TEXT NOT NULL,
  does_what      TEXT NOT NULL,
  country        TEXT NOT NULL,
  contract_from  TEXT NOT NULL,
  contract_until TEXT
);
CREATE TABLE supplier_papers (
  no          INTEGER PRIMARY KEY,
  supplier_no INTEGER NOT NULL REFERENCES suppliers(no),
  mechanism   TEXT NOT NULL,
  signed_on   TEXT NOT NULL,
  valid_until TEXT
);
CREATE TABLE disclosures (
  no          INTEGER PRIMARY KEY,
  supplier_no INTEGER NOT NULL REFERENCES suppliers(no),
  person_no   INTEGER REFERENCES people(no),
  what        TEXT NOT NULL,
  why         TEXT NOT NULL,
  at          TEXT NOT NULL
);

-- The awkward ones, at fixed numbers -------------------------------------------------------------------------------

INSERT INTO people VALUES
  -- 1: our own customer, and at the same time a contact of two other customers (desk: contacts 1 and 2, same address).
  (1,  'Imogen Farrant',   'imogen.farrant@northquay.example',   '4 Ropewalk, Hull',             '+44 1482 555 011', 'ifarrant',  'Northquay Freight',   'GB', '1984-02-11', 'self',     1, 0, '2023-04-03'),
  -- 2: began a trial with an address on the domain that customer 1 has proved.
  (2,  'Tobias Wrenn',     'tobias.wrenn@northquay.example',     NULL,                           '+44 1482 555 012', NULL,        'Northquay Freight',   'GB', NULL,         'self',     1, 0, '2026-11-09'),
  -- 3: began a trial with an address of a public mail service: nobody may be told.
  (3,  'Pia Solvang',      'pia.solvang@openmail.example',       NULL,                           NULL,               NULL,        NULL,                  'NO', NULL,         'self',     1, 0, '2026-11-11'),
  -- 4: agreed to our own news and not to those of partners.
  (4,  'Leonie Marchetti', 'leonie.marchetti@tessitura.example', 'Via del Lino 9, Prato',        '+39 0574 555 014', NULL,        'Tessitura Sole',      'IT', '1990-07-30', 'self',     1, 0, '2025-01-20'),
  -- 5: was the billing contact of customer 1 until last week.
  (5,  'Gareth Pell',      'gareth.pell@northquay.example',      NULL,                           '+44 1482 555 015', NULL,        'Northquay Freight',   'GB', NULL,         'self',     1, 0, '2023-04-03'),
  -- 6: has been the billing contact of customer 1 since 15 November 2026.
  (6,  'Nadia Oyelaran',   'nadia.oyelaran@northquay.example',   NULL,                           '+44 1482 555 016', NULL,        'Northquay Freight',   'GB', NULL,         'self',     1, 0, '2026-11-15'),
  -- 7: a quote of his is published with his name and without his picture.
  (7,  'Silvan Kerr',      'silvan.kerr@glasswing.example',      '17 Tannery Row, Leeds',        NULL,               'skerr',     'Glasswing Optics',    'GB', NULL,         'self',     1, 0, '2022-09-14'),
  -- 8: a firm of one person; its domain in the web log points at her alone.
  (8,  'Ottilie Brandt',   'ottilie@brandt-bookbinding.example', 'Lindenhof 2, Weimar',          NULL,               NULL,        'Brandt Bookbinding',  'DE', NULL,         'self',     1, 0, '2026-02-02'),
  -- 9: the referrer.
  (9,  'Rhys Calloway',    'rhys.calloway@fernhill.example',     NULL,                           '+44 29 5555 0119', NULL,        'Fernhill Housing',    'GB', NULL,         'self',     1, 0, '2024-06-18'),
  -- 10: twelve years and 364 days old; came in through a shared link, found and to be removed.
  (10, 'Milo Tanner',      'milo.tanner@openmail.example',       NULL,                           NULL,               NULL,        NULL,                  'GB', '2013-11-23', 'self',     1, 0, '2026-11-20'),
  -- 11: thirteen years old today.
  (11, 'Ruby Sayer',       'ruby.sayer@openmail.example',        NULL,                           NULL,               NULL,        NULL,                  'GB', '2013-11-22', 'self',     1, 0, '2026-11-22'),
  -- 12: wrote an idea that others voted for, and voted for others'.
  (12, 'Hanne Dekker',     'hanne.dekker@polderpost.example',    NULL,                           '+31 20 555 0121',  NULL,        'Polderpost',          'NL', NULL,         'self',     1, 0, '2024-10-01'),
  -- 13: declined everything that can be declined; bills still reach him.
  (13, 'Quentin Abara',    'quentin.abara@saltmarsh.example',    '1 Mill Lane, Ely',             '+44 1353 555 013', NULL,        'Saltmarsh Dairy',     'GB', NULL,         'self',     1, 0, '2023-11-05'),
  -- 14: ran the account of a customer that left; its agreement is of an old version.
  (14, 'Cora Lindgren',    'cora.lindgren@kestrelworks.example', NULL,                           NULL,               NULL,        'Kestrel Works',       'SE', NULL,         'self',     1, 0, '2018-08-20'),
  -- 15: wants e-mail and no calls; mail to her has come back twice, so the address is unconfirmed.
  (15, 'Marguerite Quill', 'marguerite.quill@harrowgate.example', NULL,                          '+44 1423 555 015', NULL,        'Harrowgate Stationers', 'GB', NULL,       'self',     0, 0, '2024-01-08'),
  -- 16: has asked us not to use her data for research.
  (16, 'Yasmin Torvald',   'yasmin.torvald@brightkiln.example',  NULL,                           NULL,               NULL,        'Brightkiln Pottery',  'FI', NULL,         'self',     1, 0, '2025-05-12'),
  -- 17: came from a trade fair list; the row says so.
  (17, 'Edgar Mossop',     'edgar.mossop@tidegate.example',      NULL,                           '+44 1752 555 017', NULL,        'Tidegate Marine',     'GB', NULL,         'other: Harbour Trade Fair 2025', 1, 0, '2025-10-02');

-- Ordinary people: 101 to 140.
WITH RECURSIVE
  n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40),
  first(i, name) AS (VALUES (0, 'Alma'), (1, 'Bruno'), (2, 'Celia'), (3, 'Derek'), (4, 'Esme'), (5, 'Faisal'), (6, 'Greta'), (7, 'Hugo')),
  last(i, name) AS (VALUES (0, 'Ashdown'), (1, 'Birtwell'), (2, 'Copley'), (3, 'Drysdale'), (4, 'Elphick'))
INSERT INTO people
SELECT 100 + n.i, first.name || ' ' || last.name,
       lower(first.name) || '.' || lower(last.name) || '@firm' || (1 + n.i % 9) || '.example',
       n.i || ' Example Street, Testham', '+44 20 7946 0' || (100 + n.i), NULL, 'Firm ' || (1 + n.i % 9),
       CASE n.i % 4 WHEN 0 THEN 'IE' WHEN 1 THEN 'GB' WHEN 2 THEN 'FR' ELSE 'US' END,
       NULL, 'self', 1, 0, date('2024-01-01', '+' || (n.i * 17) || ' days')
FROM n JOIN first ON first.i = n.i % 8 JOIN last ON last.i = n.i % 5
ORDER BY n.i;

INSERT INTO people_groups VALUES
  (1, 'customer'), (1, 'visitor'), (2, 'customer'), (3, 'customer'), (4, 'customer'), (4, 'visitor'), (5, 'customer'),
  (6, 'customer'), (7, 'customer'), (8, 'prospect'), (8, 'visitor'), (9, 'customer'), (10, 'prospect'), (11, 'prospect'),
  (12, 'customer'), (13, 'customer'), (14, 'customer'), (15, 'customer'), (16, 'customer'), (17, 'prospect');
INSERT INTO people_groups SELECT no, CASE WHEN no % 5 = 0 THEN 'prospect' ELSE 'customer' END FROM people WHERE no > 100;

INSERT INTO sign_up_drafts VALUES
  (1, 'google', NULL, NULL, '2026-11-18 09:12:00', NULL),                 -- begun with a sign-in service and left: it must hold nothing of the person
  (2, 'google', 'Tobias Wrenn', 'tobias.wrenn@northquay.example', '2026-11-09 10:01:00', '2026-11-09 10:03:00'),
  (3, 'google', 'Pia Solvang', 'Pia.Solvang@OpenMail.example', '2026-11-11 16:40:00', '2026-11-11 16:44:00');  -- the same address, written otherwise

INSERT INTO demo_bookings VALUES
  (1, 1, 'demo-3', 'Can agents in Hull and Rotterdam share a queue?', '2023-03-20 11:00:00'),
  (2, 4, 'demo-4', NULL, '2025-01-13 15:00:00'),                          -- her sign of interest, before any news was sent
  (3, 8, 'demo-5', 'Only me, one mailbox.', '2026-02-02 09:30:00'),
  (4, 10, 'demo-5', 'for my school club', '2026-11-20 17:05:00');         -- the child's form
INSERT INTO demo_bookings SELECT no - 90, no, 'demo-4', NULL, since || ' 10:00:00' FROM people WHERE no > 100 AND no % 5 = 0;

INSERT INTO help_contacts VALUES                                          -- one person through all five channels
  (1, 1, 'email',  'Our export stops at ten thousand rows. Imogen Farrant, Northquay', '2026-05-04 08:10:00'),
  (2, 1, 'form',   'Please move our bills to Nadia Oyelaran.', '2026-11-14 13:00:00'),
  (3, 1, 'chat',   'Imogen: the queue is empty. Larkfield: it is the filter.', '2026-06-12 14:22:00'),
  (4, 1, 'phone',  'Caller asked how to add a seat; call back on +44 1482 555 011.', '2026-06-30 10:05:00'),
  (5, 1, 'social', 'Public question about the outage, answered in private.', '2026-07-01 19:41:00'),
  (6, 13, 'email', 'Stop all mail that you can stop.', '2026-02-17 07:55:00');
INSERT INTO help_contacts SELECT no, no, CASE no % 3 WHEN 0 THEN 'email' WHEN 1 THEN 'chat' ELSE 'form' END,
  'A question about seats, number ' || no, since || ' 12:00:00' FROM people WHERE no > 100 AND no % 2 = 0;

INSERT INTO billing_contacts VALUES
  (1, 5, '2023-04-03', '2026-11-15'),                                     -- replaced last week ..
  (1, 6, '2026-11-15', NULL),                                             -- .. by her
  (7, 13, '2023-11-05', NULL),
  (6, 14, '2018-08-20', '2021-02-28');
INSERT INTO bills VALUES
  (1, 1, 5, 'Northquay Freight, 4 Ropewalk, Hull, attn. Gareth Pell', 'tok_northquay_a', 48000, '2025-11-01'),
  (2, 1, 5, 'Northquay Freight, 4 Ropewalk, Hull, attn. Gareth Pell', 'tok_northquay_a', 51000, '2026-11-01'),
  (3, 7, 13, 'Saltmarsh Dairy, 1 Mill Lane, Ely', 'tok_saltmarsh_a', 9900, '2026-10-05'),
  (4, 6, 14, 'Kestrel Works, Hamngatan 8, Kalmar', NULL, 120000, '2020-01-15');  -- older than the law asks: goes with the person
INSERT INTO bills SELECT no, 10 + no % 9, no, 'Firm ' || (1 + no % 9) || ', ' || (no - 100) || ' Example Street, Testham', 'tok_' || no, no * 100, '2026-03-01'
  FROM people WHERE no > 100 AND no % 4 = 0;

INSERT INTO ideas VALUES
  (1, 12, 'Dark colours at night', 'Hanne Dekker of Polderpost here: a dark view would help the late shift.', 3, '2025-03-03 21:00:00'),  -- others voted; her name is in the text
  (2, 101, 'Merge two enquiries', 'As Hanne Dekker said in her idea, please let us merge.', 1, '2025-03-09 09:00:00'),                   -- names another person
  (3, NULL, 'Spell checker', 'Please.', 0, '2024-02-01 09:00:00');                                                                      -- its author is gone already
INSERT INTO idea_votes VALUES (1, 101), (1, 102), (1, 1), (2, 12);

INSERT INTO referred_people VALUES
  -- 1: asked to be removed in March; only the mark that blocks a new referral is left.
  (1, NULL, NULL, 'f1c2a9d04b7e5538aa10c6de9b2f7741', NULL, 9, '2026-01-19', '2026-01-21', '2026-03-10', 'referral'),
  -- 2: introduced once, no second time.
  (2, 'Petra Olsvik', 'petra.olsvik@granittverk.example', '07bd33e1c95f4a6288f0d1e7ac54b3c9', 'Granittverk', 9, '2026-08-24', '2026-08-26', NULL, 'referral'),
  -- 3: not written to yet.
  (3, 'Jonah Imrie', 'jonah.imrie@mossbank.example', '5e90fa2b714d8c63b92e0f16d3a8c745', 'Mossbank Legal', 101, '2026-11-19', NULL, NULL, 'referral');
INSERT INTO refused_referrals VALUES (1, 'f1c2a9d04b7e5538aa10c6de9b2f7741', '2026-09-02');  -- number 1 was referred again: refused, nothing stored but the mark

INSERT INTO message_choices VALUES
  (4, 'own', '2025-01-20 10:00:00', NULL),                                -- our own news: yes
  (4, 'partners', NULL, NULL),                                            -- news of partners: never agreed
  (7, 'own', '2022-09-14 10:00:00', '2025-12-01 08:00:00'),               -- agreed, later declined
  (13, 'own', NULL, '2026-02-17 08:00:00'), (13, 'partners', NULL, '2026-02-17 08:00:00'), (13, 'adverts', NULL, '2026-02-17 08:00:00'),
  (14, 'own', NULL, NULL);                                                -- never asked: nothing may be sent
INSERT INTO message_choices SELECT no, 'own', since || ' 10:00:00', NULL FROM people WHERE no > 100 AND no % 3 = 0;
INSERT INTO channel_choices VALUES
  (15, 'phone', 0, '2025-08-01 09:00:00'), (15, 'email', 1, '2025-08-01 09:00:00');
INSERT INTO stop_flags VALUES (16, 'research', '2026-04-30 12:00:00');

INSERT INTO stories VALUES
  (1, 7, 'quote', 'We answer within the hour now.', 'Silvan Kerr', NULL, '2024-05-02 10:00:00', NULL, '2024-05-06 09:00:00', NULL),  -- name yes, picture no
  (2, 7, 'case_study', 'How Glasswing Optics moved its desk.', NULL, NULL, NULL, NULL, NULL, NULL),                              -- no agreement: not published
  (3, 14, 'quote', 'Fine software.', 'Cora Lindgren', 'cora.jpg', '2018-10-01 10:00:00', '2018-10-01 10:00:00', '2018-10-05 09:00:00', '2021-03-02 09:00:00');  -- withdrawn, taken down

INSERT INTO ad_reactions VALUES
  (1, 4, 'Chirrup', 'followed a link in our advert', '2025-01-12 20:15:00'),
  (2, 8, 'Chirrup', 'liked our post', '2026-02-01 20:15:00');
INSERT INTO trial_notices VALUES (1, 2, 1, 1, '2026-11-09 11:00:00');     -- Northquay's administrator was told of the trial of 2; nobody of that of 3

INSERT INTO suppliers VALUES
  (1, 'Cloudmere Hosting Ltd',        'runs the servers of the product',         'GB', '2019-03-01', NULL),
  (2, 'Tollgate Payments Ltd',        'takes card payments',                     'IE', '2020-06-01', NULL),
  (3, 'Pennant Mail, Inc.',           'sends our e-mail',                        'US', '2018-05-25', NULL),
  (4, 'Countwise Analytics, Inc.',    'counts visits to the site',               'US', '2019-01-10', NULL),
  (5, 'Oldford Backup Co.',           'kept copies',                             'US', '2017-02-01', '2022-12-31'),
  (6, 'Larkfield Desk Nederland B.V.', 'subsidiary: sales and support in the EU', 'NL', '2021-01-01', NULL);
INSERT INTO supplier_papers VALUES
  (1, 3, 'privacy_shield',               '2018-05-25', '2020-07-16'),       -- good in 2019, nothing in 2021
  (2, 3, 'standard_contractual_clauses', '2020-08-03', NULL),
  (3, 3, 'data_privacy_framework',       '2023-07-10', NULL),
  (4, 4, 'standard_contractual_clauses', '2021-06-28', NULL),
  (5, 4, 'data_privacy_framework',       '2023-08-01', NULL),
  (6, 5, 'privacy_shield',               '2017-02-01', '2020-07-16');       -- its contract ran on for two years after that
INSERT INTO disclosures VALUES
  (1, 2, 5, 'billing address, card token', 'take_payment', '2026-11-01 06:00:00'),
  (2, 3, 1, 'e-mail address', 'service_messages', '2026-10-12 06:00:00'),
  (3, 3, 4, 'e-mail address', 'own_marketing', '2026-10-20 06:00:00'),
  (4, 3, NULL, 'e-mail address', 'service_messages', '2025-01-20 06:00:00');
INSERT INTO disclosures SELECT no, 3, no, 'e-mail address', 'service_messages', '2026-10-12 06:00:00' FROM people WHERE no > 100 AND no % 4 = 1;
