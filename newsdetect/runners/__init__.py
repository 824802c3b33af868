"""Runners: who drives the pipeline: the demo, the service on one machine."""
