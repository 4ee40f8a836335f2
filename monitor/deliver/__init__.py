"""Delivery: one message to one recipient, by mail, Slack, console or any Apprise service, and what came of it.

Servers' answers are values (`Delivery`), in words a person understands and without secrets.
"""

from __future__ import annotations

from monitor.deliver.channels import check_channel
from monitor.deliver.sender import ChannelSender

__all__ = ["ChannelSender", "check_channel"]
