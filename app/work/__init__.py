"""Background work as rows: enqueued in the transaction that wants it, done by any worker."""
