-- All bookings, newest first, and those of some days.
CREATE INDEX bookings_made ON bookings (created_at, id);
CREATE INDEX bookings_exam_date ON bookings (exam_date);
