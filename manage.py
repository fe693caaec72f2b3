#!/usr/bin/env python3
"""Runs a management command with the settings of the site."""

import os
import sys

from django.core.management import execute_from_command_line

from cartapp.starting import refuse_without_site, settings_for

if __name__ == "__main__":
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings_for(command))
    refuse_without_site(command)
    execute_from_command_line(sys.argv)
