"""What two animals do, session by session and as a cohort."""
