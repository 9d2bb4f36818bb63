"""The blocks of a consultation: from what was declared, stored and paid to what their templates print."""
