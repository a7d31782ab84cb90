"""Programs that help to build, check and document Phoenix; none of them is part of it."""
