"""Who is paid what of a cash dividend: from the gross per share to each holder's net, by a table of tax rates."""
