"""Programs that drive a vendor's client library in a process of their own, where no test has loaded one."""
