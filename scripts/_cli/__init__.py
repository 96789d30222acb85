"""What the commands share: options, the opened network, how plans and reports are shown. No command stands here."""
