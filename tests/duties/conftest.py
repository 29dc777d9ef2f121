"""Two townships, their administrators and everybody else in them."""

from tests.administration.conftest import desk as desk
