"""The audit log (办理日志): writing it, verifying its seals, and who read sensitive data."""
