"""Messages of the host (WeChat's subscribe messages): who may be sent what, and sending it."""
