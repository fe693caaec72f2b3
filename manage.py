#!/usr/bin/env python3
"""Runs a management command with the settings of the site."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cartapp.settings")
    execute_from_command_line(sys.argv)
