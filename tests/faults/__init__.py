"""What survives when programs are killed."""
