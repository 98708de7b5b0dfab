"""The function that forwards a contact request by e-mail, and hears of bounces. It keeps and logs nothing about the client."""
