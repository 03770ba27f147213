"""Make and publish: plan, run, check, quarantine, publish."""
