DROP INDEX bookings_exam_date;
DROP INDEX bookings_made;
