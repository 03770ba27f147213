"""Data drift: how a publication differs from those before it, against what is usual for the port."""
