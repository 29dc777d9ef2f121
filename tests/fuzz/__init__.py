"""The OpenAPI document held against the live server by a machine that makes requests up."""
