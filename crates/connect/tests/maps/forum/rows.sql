-- Four people on a forum.
INSERT INTO users (id, username, email, session_token, created_at, about, invited_by_user_id, settings) VALUES
  (1, 'anna', 'anna@x.example', 's1', '2024-01-01 00:00:00', 'I am anna', 4, NULL),
  (2, 'Boris', 'boris@y.example', 's2', '2024-01-02 00:00:00', NULL, 1, NULL),
  (3, 'moda', 'moda@z.example', 's3', '2024-01-03 00:00:00', NULL, NULL, NULL),
  (4, 'cyra', 'cyra@x.example', 's4', '2024-01-04 00:00:00', 'friend of many', NULL, NULL);
INSERT INTO categories (id, category, created_at, updated_at) VALUES (1, 'craft', '2024-01-01', '2024-01-01');
INSERT INTO tags (id, tag, category_id) VALUES (1, 'wood', 1);
INSERT INTO domains (id, domain, created_at, updated_at, banned_at, banned_by_user_id, banned_reason) VALUES
  (120, 'spam.example', '2024-01-05', '2024-01-05', '2024-01-05', 3, 'nothing but spam');
INSERT INTO stories (id, created_at, user_id, url, normalized_url, title, description, markeddown_description, short_id, user_is_author) VALUES
  (10, '2024-02-01', 1, 'https://wood.example/~anna/boat', 'wood.example/~anna/boat', 'A boat, by Anna', 'How I built it', '<p>How I built it</p>', 'aaaaaa', 1),
  (11, '2024-02-02', 2, 'https://wood.example/oar', 'wood.example/oar', 'An oar', 'Found this', '<p>Found this</p>', 'bbbbbb', 0);
INSERT INTO story_texts (id, title, description, body, created_at) VALUES
  (10, 'A boat, by Anna', 'How I built it', 'Written by anna@x.example', '2024-02-01'), (11, 'An oar', 'Found this', 'A text', '2024-02-02');
INSERT INTO hats (id, created_at, updated_at, user_id, granted_by_user_id, hat, link, short_id) VALUES
  (30, '2024-02-01', '2024-02-01', 1, 3, 'Boat builder', 'anna@x.example', 'hhhhhh');
INSERT INTO hat_requests (id, user_id, hat, link, comment) VALUES (31, 1, 'Oar builder', 'https://wood.example', 'I am anna, of wood.example');
INSERT INTO comments (id, created_at, short_id, story_id, confidence_order, user_id, parent_comment_id, thread_id, comment, markeddown_comment, hat_id) VALUES
  (20, '2024-02-03', 'c20', 11, x'00', 1, NULL, 20, 'A fine oar', '<p>A fine oar</p>', 30),
  (21, '2024-02-04', 'c21', 10, x'00', 2, NULL, 21, 'Thanks, anna!', '<p>Thanks, anna!</p>', NULL),
  (22, '2024-02-05', 'c22', 11, x'00', 4, 20, 20, '@Anna is right, and Boris too', '<p>@Anna is right, and Boris too</p>', NULL);
INSERT INTO links (id, url, normalized_url, title, from_story_id, from_comment_id) VALUES
  (130, 'https://wood.example/~anna', 'wood.example/~anna', NULL, 10, NULL), (131, 'https://oars.example', 'oars.example', NULL, NULL, 20);
INSERT INTO votes (id, user_id, story_id, comment_id, vote, updated_at) VALUES
  (40, 1, 11, NULL, 1, '2024-02-06'), (41, 2, 10, NULL, 1, '2024-02-06'), (42, 2, 11, 20, -1, '2024-02-06');
INSERT INTO hidden_stories (id, user_id, story_id) VALUES (50, 1, 11);
INSERT INTO saved_stories (id, created_at, updated_at, user_id, story_id) VALUES (51, '2024-02-06', '2024-02-06', 1, 11), (52, '2024-02-06', '2024-02-06', 2, 10);
INSERT INTO read_ribbons (id, created_at, updated_at, user_id, story_id) VALUES (53, '2024-02-06', '2024-02-06', 1, 10);
INSERT INTO taggings (id, story_id, tag_id) VALUES (60, 10, 1), (61, 11, 1);
INSERT INTO tag_filters (id, created_at, updated_at, user_id, tag_id) VALUES (62, '2024-02-06', '2024-02-06', 1, 1);
INSERT INTO suggested_taggings (id, story_id, tag_id, user_id) VALUES (63, 11, 1, 1);
INSERT INTO suggested_titles (id, story_id, user_id, title) VALUES (64, 10, 2, 'A rowing boat'), (65, 11, 1, 'A long oar');
INSERT INTO keystores (id, key, value) VALUES (70, 'user:1:comments_posted', 1), (71, 'user:2:comments_posted', 1), (72, 'tag:1:filters', 1), (73, 'user:12:comments_posted', 5);
INSERT INTO messages (id, created_at, author_user_id, recipient_user_id, subject, body, short_id) VALUES
  (80, '2024-02-07', 1, 2, 'The oar', 'Dear Boris, write to anna@x.example', 'm80'),
  (81, '2024-02-08', 2, 1, 'Re: The oar', 'Dear Anna, I shall', 'm81'),
  (82, '2024-02-09', 2, 4, 'Hello', 'Hello from Boris', 'm82'),
  (83, '2024-02-09', 1, 1, 'Note', 'to myself', 'm83');
INSERT INTO invitations (id, user_id, email, code, created_at, updated_at, memo, used_at, new_user_id) VALUES
  (90, 1, 'boris@y.example', 'k90', '2024-01-01', '2024-01-02', 'Come and see', '2024-01-02', 2),
  (91, 4, 'Anna@X.example', 'k91', '2023-12-01', '2024-01-01', 'For you', '2024-01-01', 1);
INSERT INTO invitation_requests (id, code, email, name, memo, ip_address, created_at, updated_at) VALUES
  (92, 'k92', 'ANNA@x.example', 'Anna', 'I build boats', '192.0.2.7', '2023-11-01', '2023-11-01'),
  (93, 'k93', 'dora@w.example', 'Dora', 'I row', '192.0.2.8', '2023-11-01', '2023-11-01');
INSERT INTO moderations (id, created_at, updated_at, moderator_user_id, story_id, comment_id, user_id, action, reason) VALUES
  (100, '2024-03-01', '2024-03-01', 3, 10, NULL, NULL, 'changed the title', 'shorter'),
  (101, '2024-03-02', '2024-03-02', 3, NULL, NULL, 1, 'Disabled invitations', 'anna invited too many'),
  (102, '2024-03-03', '2024-03-03', 3, 11, NULL, NULL, 'changed the tags', NULL);
INSERT INTO mod_notes (id, moderator_user_id, user_id, note, markeddown_note, created_at) VALUES
  (110, 3, 1, 'Talked to anna', '<p>Talked to anna</p>', '2024-03-02'), (111, 3, 4, 'All is well', '<p>All is well</p>', '2024-03-02');
