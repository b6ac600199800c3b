"""Tests of the outbox and its delivery: real databases, and the local workspace's own Web API as Slack."""
