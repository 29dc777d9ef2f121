"""Every place and every duty has a name: a lead, those who assist, and what has no one."""
