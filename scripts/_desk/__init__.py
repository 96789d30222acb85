"""What the commands share: options, the opened network, the way from a plan to a report. No command stands here."""
