"""From SHADOW to LIVE: the checklist, the ceremony, and the shadow performance behind it (SPEC 3.10)."""
