DROP TABLE attention_snoozes;
