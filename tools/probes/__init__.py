"""Programs that drive the vendors' own client libraries, each in a process of its own: no test loads one."""
