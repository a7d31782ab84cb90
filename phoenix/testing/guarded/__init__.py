"""A folder for the front of PYTHONPATH: Python finds its sitecustomize there, in every child of a test run."""
