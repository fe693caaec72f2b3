"""The wiring of the site: environment, settings, addresses, middleware, checks before it starts."""
