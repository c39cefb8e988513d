"""Background work: leases, attempts, retries, and the sweeper that finds what no bell reached."""
