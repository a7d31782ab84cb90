"""The architecture rules that the import linter cannot see, checked on the syntax of every source file."""
