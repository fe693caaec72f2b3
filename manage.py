#!/usr/bin/env python3
"""Runs a management command with the settings of the site."""

import os
import sys

from django.core.management import execute_from_command_line

from cartapp.starting import refuse_without_site

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cartapp.settings")
    refuse_without_site(sys.argv[1] if len(sys.argv) > 1 else "help")
    execute_from_command_line(sys.argv)
