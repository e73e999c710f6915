-- An account with many positions is 10 KB, compressed 3 KB: whole in its row, it costs one insert
-- instead of five (pieces beside the table, with an index of their own).
ALTER TABLE ledger SET (toast_tuple_target = 8160);
