"""What runs beside the web application: the embedded database and the supervisor of processes."""
