"""Compute: the engines that run models and checks."""
